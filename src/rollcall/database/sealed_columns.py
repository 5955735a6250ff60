"""Columns that hold sealed secrets: every one is known, so that all can be sealed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from django.apps import apps
from django.db import models, transaction

from rollcall.core import sealing
from rollcall.core.key_ring import SealBroken

if TYPE_CHECKING:
    BytesField: TypeAlias = models.BinaryField[Any, Any]
else:
    BytesField = models.BinaryField

CHUNK: Final = 200
"""How many rows are sealed anew, and held, in one transaction."""


class SealedField(BytesField):
    """A column of what `core.sealing` sealed; empty where there is nothing to keep secret."""

    def deconstruct(self) -> Any:
        """As Django's own field: that it is sealed concerns no migration."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that holds secrets, and how one value of it is sealed anew.

    `reseal` gives the value with the newest key, None where nothing in it needs that, and raises
    `SealBroken` where no key opens it.
    """

    model: type[models.Model]
    name: str
    reseal: Callable[[Any], Any] = sealing.resealed

    def __str__(self) -> str:
        return f"{self.model._meta.verbose_name_plural}: {self.name}"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many values were sealed anew, had the newest key already, and opened with none."""

    resealed: int = 0
    fresh: int = 0
    broken: int = 0

    @property
    def total(self) -> int:
        """How many values there are."""
        return self.resealed + self.fresh + self.broken

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.resealed + other.resealed, self.fresh + other.fresh, self.broken + other.broken
        )


_others: list[SealedColumn] = []


def register(column: SealedColumn) -> None:
    """Make known a column of another's model in which a room keeps sealed values."""
    _others.append(column)


def columns() -> list[SealedColumn]:
    """Every column of the installation that holds sealed values."""
    own = [
        SealedColumn(model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, SealedField)
    ]
    return own + _others


def reseal(column: SealedColumn) -> Tally:
    """Seal with the newest key what an older one sealed. Killed at any moment, it can go on."""
    tally = Tally()
    for keys in _chunks(column):
        tally += _reseal_rows(column, keys)
    return tally


def count(column: SealedColumn) -> Tally:
    """What `reseal` would do, without doing it."""
    rows = column.model._default_manager.order_by("pk").values_list(column.name, flat=True)
    tally = Tally()
    for value in rows.iterator():
        if value:
            tally += _renewed(column, value)[1]
    return tally


def _chunks(column: SealedColumn) -> Iterator[list[Any]]:
    rows = column.model._default_manager.order_by("pk").values_list("pk", flat=True)
    keys = list(rows[:CHUNK])
    while keys:
        yield keys
        keys = list(rows.filter(pk__gt=keys[-1])[:CHUNK])


@transaction.atomic
def _reseal_rows(column: SealedColumn, keys: list[Any]) -> Tally:
    tally, changed = Tally(), []
    # held, so that a value that somebody replaces meanwhile is not put back
    rows = column.model._default_manager.select_for_update(no_key=True).filter(pk__in=keys)
    for row in rows.only("pk", column.name).order_by("pk"):
        if not (value := getattr(row, column.name)):
            continue
        new, outcome = _renewed(column, value)
        tally += outcome
        if new is not None:
            setattr(row, column.name, new)
            changed.append(row)
    column.model._default_manager.bulk_update(changed, [column.name])
    return tally


def _renewed(column: SealedColumn, value: Any) -> tuple[Any, Tally]:
    try:
        new = column.reseal(value)
    except SealBroken:
        return None, Tally(broken=1)
    return new, Tally(fresh=1) if new is None else Tally(resealed=1)
