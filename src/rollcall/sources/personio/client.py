"""Reads one Personio account."""

from __future__ import annotations

from rollcall.sources.personio.v1.client import PersonioV1 as Personio

__all__ = ["Personio"]
