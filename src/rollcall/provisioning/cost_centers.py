"""The cost centers of an employee as one text."""

from __future__ import annotations

import math
from collections.abc import Iterable

from rollcall.core.text import settled
from rollcall.provisioning.employee import CostCenter


def cost_center_text(shares: Iterable[CostCenter]) -> str:
    """One text for all cost centers: `Sales (60 %), Support (40 %)`; a single one is its name.

    The largest share comes first, equal shares by name, those without a percentage last.
    """
    named = [(settled(share.name), _known(share.percentage)) for share in shares]
    named = [(name, percentage) for name, percentage in named if name]
    if len(named) == 1:
        return named[0][0]
    # Always in one order: a list that comes in another one must not look like a change.
    named.sort(key=lambda share: (share[1] is None, -(share[1] or 0), share[0]))
    return ", ".join(name if pct is None else f"{name} ({_digits(pct)} %)" for name, pct in named)


def _known(percentage: float | None) -> float | None:
    if percentage is None or not math.isfinite(percentage):
        return None
    return percentage


def _digits(percentage: float) -> str:
    text = f"{percentage:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
