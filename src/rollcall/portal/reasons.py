"""Reasons in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from rollcall.provisioning.reason import Reason


def text(reason: Reason) -> str:
    """The reason's sentence in the language of the page."""
    return reason.text(translate=gettext)


def text_of_record(record: dict[str, Any] | None) -> str:
    """The sentence of a reason as a run keeps it (`ChangeRecord.reason`); "" for none."""
    if not record:
        return ""
    try:
        return text(Reason.from_record(record))
    except KeyError:  # written by a version that knew other reasons
        return str(record.get("code", ""))
