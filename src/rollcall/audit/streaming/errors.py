"""Why a destination has not taken events."""

from __future__ import annotations


class NotTaken(Exception):
    """They are handed on again later; the text is a short word for why, without any value."""
