"""Lists of users stand in the order in which people sort names, on both engines."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from rollcall.directory import services
from rollcall.directory.models import User
from rollcall.directory.services import HAND, UserChange
from tests.actors import TESTER

pytestmark = pytest.mark.django_db

NAMES = ("Zimmer", "Özdemir", "oberst", "Ackermann", "Ähre", "Łukasz", "de Vries", "Lutz", "Çelik")
SORTED = ["Ackermann", "Ähre", "Çelik", "de Vries", "Łukasz", "Lutz", "oberst", "Özdemir", "Zimmer"]


def by_name() -> list[str]:
    return list(User.objects.by_name().values_list("lastname", flat=True))


def test_accents_and_capitals_do_not_count() -> None:
    for number, name in enumerate(NAMES):
        User.objects.create(username=f"u{number}", email=f"u{number}@example.org", lastname=name)
    assert by_name() == SORTED


def test_first_names_decide_where_last_names_are_alike() -> None:
    for number, (last, first) in enumerate([("Li", "Zoë"), ("Lia", "Ann"), ("LI", "Änn")]):
        User.objects.create(
            username=f"u{number}", email=f"u{number}@example.org", lastname=last, firstname=first
        )
    assert by_name() == ["LI", "Li", "Lia"]


def test_a_new_name_has_its_new_place() -> None:
    user = User.objects.create(username="u", email="u@example.org", lastname="Zimmer")
    User.objects.create(username="v", email="v@example.org", lastname="Meyer")
    services.update_users(TESTER, HAND, [UserChange(user.pk, {"lastname": "Ärmel"})])
    assert by_name() == ["Ärmel", "Meyer"]


def test_very_long_names_fit_the_index() -> None:
    User.objects.create(username="u", email="u@example.org", lastname="ö" * 1024)
    assert User.objects.get().sort_lastname == "o" * 64


def test_users_of_a_database_made_before_are_given_their_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number, name in enumerate(NAMES):
        User.objects.create(username=f"u{number}", email=f"u{number}@example.org", lastname=name)
    User.objects.update(sort_lastname="", sort_firstname="")
    migration = import_module("rollcall.directory.migrations.0002_sort_names")
    monkeypatch.setattr(migration, "AT_ONCE", 4)
    migration.fill(
        apps, SimpleNamespace(connection=connection, quote_name=connection.ops.quote_name)
    )
    assert by_name() == SORTED
