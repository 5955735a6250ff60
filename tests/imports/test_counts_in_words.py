"""Counts are written one way wherever people read them: 4,678, in German 4.678."""

from __future__ import annotations

import io

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import translation
from rich.console import Console
from rich.progress import Progress, TextColumn

from rollcall.cli import following
from rollcall.imports import completion_email, reasons
from rollcall.imports.models import ChangeRecord, Run, RunState
from rollcall.provisioning.reason import Reason
from tests.web.conftest import admin, world
from tests.web.world import World

__all__ = ["admin", "world"]

WAYS = [("en", "4,678"), ("de", "4.678")]


@pytest.fixture
def large(world: World) -> Run:
    """An import of 4,678 people, all of whom need a look."""
    run = world.run
    run.fetched, run.counts, run.notify_email = 4678, {"failed": 4678}, "boss@example.com"
    run.save()
    ChangeRecord.objects.filter(run=run).update(result="failed")
    return run


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "written"), WAYS)
def test_the_email_writes_them(large: Run, language: str, written: str) -> None:
    with translation.override(language):
        message = completion_email.message(large)
    assert isinstance(message, EmailMultiAlternatives)
    for text in (message.subject, message.body, str(message.alternatives[0][0])):
        assert written in text
        assert "4678" not in text


@pytest.mark.django_db
def test_the_question_before_an_import_writes_them(admin: Client, world: World) -> None:
    run = world.run
    Run.objects.filter(pk=run.pk).update(state=RunState.REVIEW, review=True)
    template = ChangeRecord.objects.filter(run=run, kind="create").first()
    assert template is not None
    ChangeRecord.objects.bulk_create(
        ChangeRecord(run=run, seq=n, kind="create", employee_id=f"e{n}", reason=template.reason)
        for n in range(10, 1210)
    )
    page = admin.post("/imports/1/import/").content.decode()
    assert "Create 1,203" in page


@pytest.mark.parametrize(("language", "written"), WAYS)
def test_reasons_write_them(language: str, written: str) -> None:
    brake = Reason("too_many_suspensions", {"count": "4678", "users": "9000", "limit": "900"})
    from rollcall.provisioning.reason import SENTENCES

    code = next(key for key, text in SENTENCES.items() if "“most suspensions”" in text)
    with translation.override(language):
        said = reasons.text(Reason(code, brake.params), "Personio")
    assert written in said
    assert "4678" not in said


def test_the_terminals_progress_writes_them() -> None:
    paper = io.StringIO()
    console = Console(file=paper, width=80, force_terminal=True)
    with Progress(TextColumn("x"), following._Count(), console=console) as progress:
        progress.add_task("x", completed=4678, total=10000)
    assert "4,678/10,000" in paper.getvalue()


def test_the_terminals_progress_shows_no_number_where_nothing_is_counted() -> None:
    paper = io.StringIO()
    console = Console(file=paper, width=80, force_terminal=True)
    run = Run(number=1, lane="builtin personio:x", state=RunState.PLANNING, fetched=250)
    with Progress(TextColumn("x"), following._Count(), console=console) as progress:
        bars = following._Bars(progress, {})
        bars.show(run)
        planning = progress.tasks[-1]
        count = following._Count()
        assert [count.render(task).plain for task in progress.tasks] == ["250/250", ""]
        run.state = RunState.APPLYING
        run.to_apply = 40
        bars.show(run)
        assert count.render(planning).plain == "250/250"
        assert count.render(progress.tasks[-1]).plain == "0/40"
    assert "/?" not in paper.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "one", "many"),
    [("en", "1 employee", "employees"), ("de", "1 Mitarbeiter wurde", "Mitarbeiter wurden")],
)
def test_the_email_counts_one_employee_as_one(
    world: World, language: str, one: str, many: str
) -> None:
    run = world.run
    run.fetched, run.counts, run.notify_email = 1, {"created": 1}, "boss@example.com"
    run.save()
    with translation.override(language):
        message = completion_email.message(run)
    assert isinstance(message, EmailMultiAlternatives)
    for text in (str(message.body), str(message.alternatives[0][0])):
        assert one in " ".join(text.split())
        assert many not in text
    assert "employees" not in message.subject
