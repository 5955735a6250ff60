"""Every column that could hold something of a person has a statement: who finds and erases it, or
why it holds nothing of anybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from rollcall.privacy import registry

HOLDS_NO_VALUE = (
    models.AutoField,
    models.BooleanField,
    models.DateTimeField,
    models.IntegerField,
    models.FloatField,
    models.TimeField,
    models.UUIDField,
)
"""Kinds of column in which nothing about a person can stand that another column does not say."""


def could_be_personal(field: models.Field[object, object]) -> bool:
    """Texts, JSON, bytes, addresses and dates; not keys of other rows, nor a choice of ours."""
    return not (field.is_relation or field.choices or isinstance(field, HOLDS_NO_VALUE))


def columns() -> Iterator[tuple[str, str]]:
    """Every such column of every installed model: the model's label, and the column's."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if could_be_personal(field):
                yield model._meta.label, f"{model._meta.label}.{field.name}"


def personal() -> list[str]:
    return [name for records in registry.records() for name in records.columns]


def impersonal() -> list[str]:
    return [
        name
        for statement in registry.statements()
        for declared in statement.impersonal
        for name in declared.columns
    ]


@pytest.mark.parametrize(("model", "column"), list(columns()))
def test_a_column_is_stated_once(model: str, column: str) -> None:
    stated = [name for name in (*personal(), *impersonal()) if name in (model, column)]
    assert len(stated) == 1, f"say in a room's personal_data.py what {column} holds"


def test_a_model_without_a_statement_would_be_seen() -> None:
    assert ("directory.User", "directory.User.lastname") in set(columns())
    assert ("mail.OutgoingMessage", "mail.OutgoingMessage.content") in set(columns())


def test_every_statement_is_about_something_that_exists() -> None:
    for name in (*personal(), *impersonal()):
        app, model, *column = name.split(".")
        fields = {field.name for field in apps.get_model(app, model)._meta.get_fields()}
        assert set(column) <= fields, name


def test_every_reason_is_a_reason() -> None:
    for statement in registry.statements():
        assert all(len(declared.reason) > 10 for declared in statement.impersonal)


def test_what_is_registered_twice_is_known_once() -> None:
    known = len(registry.statements())
    registry.register("rollcall.mail.personal_data")
    assert len(registry.statements()) == known
