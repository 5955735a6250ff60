"""Conflicts name the people whom they are about, and not their ids alone, at every door."""

from __future__ import annotations

import io

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from rich.console import Console

from rollcall.cli import showing
from rollcall.imports import completion_email
from rollcall.imports.models import ChangeRecord
from tests.web.conftest import admin, world
from tests.web.world import World

__all__ = ["admin", "world"]

pytestmark = pytest.mark.django_db

NAMED = "Amelie Brandt (1), Jonas Weiß (2) (+3)"


@pytest.fixture
def conflict(world: World) -> ChangeRecord:
    """Somebody whose address two others have, and whose user is a third."""
    params = {"value": "office@example.com", "employees": "1, 2 (+3)"}
    row = ChangeRecord.objects.get(run=world.run, employee_id="4")
    row.kind = row.result = "conflict"
    row.reason = {"code": "email_shared", "params": params}
    row.with_whom = ["1", "2", world.user.pk]
    row.save()
    world.run.counts = {"created": 3, "conflict": 1}
    world.run.save()
    return row


def test_the_portal_names_them(admin: Client, world: World, conflict: ChangeRecord) -> None:
    page = " ".join(
        admin.get("/imports/1/?columns=reason&columns=with_whom").content.decode().split()
    )
    assert NAMED in page
    assert f"Amelie Brandt ({world.user.pk})" in page


def test_the_file_names_them(admin: Client, world: World, conflict: ChangeRecord) -> None:
    answer = admin.get("/imports/1/?export=csv")
    assert NAMED in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def test_the_terminal_names_them(world: World, conflict: ChangeRecord) -> None:
    paper = io.StringIO()
    showing.show_changes(Console(file=paper, width=1000), [conflict], title="Plan")
    assert NAMED in paper.getvalue()


def test_the_email_names_them(world: World, conflict: ChangeRecord) -> None:
    world.run.notify_email = "boss@example.com"
    message = completion_email.message(world.run)
    assert isinstance(message, EmailMultiAlternatives)
    assert NAMED in message.body
    assert NAMED in message.attachments[0][1]


def test_who_is_not_known_stays_an_id(admin: Client, world: World, conflict: ChangeRecord) -> None:
    conflict.reason = {"code": "email_shared", "params": {"value": "x", "employees": "1, 77"}}
    conflict.save()
    page = admin.get("/imports/1/?columns=reason").content.decode()
    assert "Amelie Brandt (1), 77" in page
