"""How much of what is too old one pass may delete: a share, so that a wrong clock erases little."""

from __future__ import annotations

from typing import Final, TypeVar

from django.db.models import Model, QuerySet

from rollcall.jobs import clock

SHARE: Final = 5
"""One pass deletes no more than one of so many; a day's worth of what is kept for weeks is less."""
AT_ONCE: Final = 10_000

M = TypeVar("M", bound=Model)


def most(number: int) -> int:
    """How many of so many things that are kept one pass may delete; none by a doubted clock."""
    return 0 if clock.read() else -(-number // SHARE)


def oldest(late: QuerySet[M], *, of: QuerySet[M], by: str) -> QuerySet[M]:
    """Of what is too old what one pass may delete, the oldest (`by` this column) first.

    `of` is everything that is kept in the same way, of which the pass may take a share.
    """
    keys = list(late.order_by(by, "pk").values_list("pk", flat=True)[:AT_ONCE])
    some = keys[: most(of.count())] if keys else keys
    return late.model._default_manager.filter(pk__in=some)
