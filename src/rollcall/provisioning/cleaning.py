"""Cleaning: what a value of Personio looks like when it is fit for the directory."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable

from rollcall.provisioning.employee import CostCenter

_BREAKS = re.compile(r"[\t\n\r]+")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """The text trimmed, in NFC, without control characters and lone surrogates.

    Line breaks and tabs become one blank. Nothing else is touched: what looks like markup stays
    text. Cleaning a clean text changes nothing.
    """
    if not text.isprintable():
        text = _UNPRINTABLE.sub("", _BREAKS.sub(" ", text))
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def cut(text: str, limit: int) -> str:
    """The clean text, no longer than `limit` characters."""
    return text if len(text) <= limit else text[:limit].rstrip()


def cost_center_text(shares: Iterable[CostCenter]) -> str:
    """One text for all cost centers: `Sales (60 %), Support (40 %)`; a single one is its name.

    The largest share comes first, equal shares by name, those without a percentage last.
    """
    named = [(clean(share.name), _known(share.percentage)) for share in shares]
    named = [(name, percentage) for name, percentage in named if name]
    if len(named) == 1:
        return named[0][0]
    named.sort(key=lambda one: (one[1] is None, -(one[1] or 0), one[0]))
    return ", ".join(name if pct is None else f"{name} ({_digits(pct)} %)" for name, pct in named)


def _known(percentage: float | None) -> float | None:
    if percentage is None or not math.isfinite(percentage):
        return None
    return percentage


def _digits(percentage: float) -> str:
    text = f"{percentage:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
