"""Whom a new address or name can be taken for: twins of other letters, told and never refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db.models import Q, QuerySet

from rollcall.core.lookalikes import are_twins, lookalike
from rollcall.directory.models import User, UserGroup

OTHER_LETTERS: Final = "[^ -~]"
"""A pattern for texts that are not of ASCII alone, of which there are few among addresses."""

MOST: Final = 10_000
"""How many of them are looked through at the most."""


def of_email(email: str, but: str = "") -> str:
    """An e-mail of another user (not the one of this id) that looks like this one; "" for none."""
    others = User.objects.exclude(pk=but).order_by("email")
    asked = Q(email=lookalike(email)) | Q(email__regex=OTHER_LETTERS)
    return _first_twin(email, _texts(others.filter(asked), "email"))


def of_group_name(name: str, but: str = "") -> str:
    """A name of another group that looks like this one; "" for none."""
    others = UserGroup.objects.exclude(pk=but).order_by("name")
    asked = Q(name_key=lookalike(name)) | Q(name__regex=OTHER_LETTERS)
    return _first_twin(name, _texts(others.filter(asked), "name"))


def _texts(rows: QuerySet[User] | QuerySet[UserGroup], column: str) -> Iterable[str]:
    return rows.values_list(column, flat=True)[:MOST]


def _first_twin(text: str, others: Iterable[str]) -> str:
    return next((other for other in others if are_twins(text, other)), "")
