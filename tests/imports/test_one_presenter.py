"""What a run stored is read in one place and told in one vocabulary, whichever door shows it."""

from __future__ import annotations

import inspect
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import translation
from rich.console import Console

import rollcall
from rollcall.api.jumpcloud.v2 import imports as api
from rollcall.cli import showing
from rollcall.imports import completion_email, labels
from rollcall.imports.models import ChangeRecord, Run, RunState
from rollcall.imports.presenter import Names
from rollcall.provisioning.change import Kind, Result
from rollcall.web.admin.imports import live_results
from tests.web.conftest import admin, world
from tests.web.world import World

__all__ = ["admin", "world"]

pytestmark = pytest.mark.django_db

PACKAGE = Path(rollcall.__file__).parent
STORED = ("fields", "manager", "with_whom", "reason", "warnings", "error")
"""The columns of a change that hold what `provisioning.serialization` writes."""

READERS = ("rollcall/imports/models.py", "django/db/")
"""Who may read them: the properties of the model, and what fetches and stores rows."""


class Guarded:
    """A column that only its readers may read."""

    def __init__(self, column: Any, name: str) -> None:
        self.column = column
        self.name = name

    def __get__(self, row: ChangeRecord | None, owner: type) -> Any:
        """What is stored."""
        if row is None:
            return self
        frame = inspect.currentframe()
        asked = frame.f_back if frame else None
        file = asked.f_code.co_filename if asked else ""
        assert any(reader in file for reader in READERS), f"{file} reads {self.name} by itself"
        return self.column.__get__(row, owner)

    def __set__(self, row: ChangeRecord, value: Any) -> None:
        """Store it."""
        row.__dict__[self.name] = value


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads the stored form of a change past the model's properties is caught."""
    for name in STORED:
        monkeypatch.setattr(ChangeRecord, name, Guarded(ChangeRecord.__dict__[name], name))


def message(run: Run) -> str:
    """Everything that an e-mail about the run says, with what is attached to it."""
    mail: EmailMultiAlternatives = completion_email.message(run)
    attached = [str(content) for _, content, _ in mail.attachments]
    return "\n".join([str(mail.body), *(str(part[0]) for part in mail.alternatives), *attached])


def table(run: Run) -> str:
    """What the terminal shows of the run, its changes and its result."""
    console = Console(file=io.StringIO(), width=400)
    showing.show_runs(console, [run])
    showing.show_changes(console, run.changes.all(), "Changes")
    showing.show_result(console, run)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


@pytest.mark.usefixtures("guarded")
def test_every_door_shows_changes_through_the_models_properties(
    admin: Client, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    run, user = world.run, world.user
    ChangeRecord.objects.filter(run=run).update(
        with_whom=["9"], manager={"user_id": None, "employee_id": "2"}
    )
    shown = [
        admin.get("/").content.decode(),
        admin.get(f"/imports/{run.number}/").content.decode(),
        b"".join(admin.get(f"/imports/{run.number}/?export=csv")).decode(),
        admin.get(f"/users/{user.pk}/").content.decode(),
        table(run),
        message(run),
    ]
    showing.print_with_changes(run, run.changes.all())
    shown.append(capsys.readouterr().out)
    shown.extend(str(api._result(row, run, Names(run))) for row in run.changes.all())
    Run.objects.filter(pk=run.pk).update(state=RunState.APPLYING)
    run.refresh_from_db()
    events, _ = live_results.news(run, live_results.Seen())
    shown.extend(event.data for event in events)
    assert "Noor Haddad" in "".join(shown)


def test_a_template_has_no_part_of_a_change_that_is_stored() -> None:
    stored = re.compile(rf"\b(?:row|change|person|record)\.(?:{'|'.join(STORED)})\b")
    templates = [*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")]
    ours = [file for file in templates if "site-packages" not in file.parts]
    found = {file.name: stored.findall(file.read_text(encoding="utf-8")) for file in ours}
    allowed = {"complete.html", "complete.txt"}  # whose `person` is made by the e-mail's own room
    assert {name for name, names in found.items() if names} <= allowed


@pytest.mark.parametrize(
    ("codes", "label"),
    [(RunState, labels.state_label), (Kind, labels.kind_label), (Result, labels.result_label)],
    ids=["state", "kind", "result"],
)
def test_each_code_has_one_label_of_its_own(codes: Any, label: Any) -> None:
    for language in ("en", "de"):
        with translation.override(language):
            words = [label(code.value) for code in codes]
            assert len(set(words)) == len(words)
            assert not set(words) & {code.value for code in codes}


def test_there_is_one_vocabulary_for_the_states_of_a_run() -> None:
    words = {str(label) for label in labels._STATES.values()}
    again = re.compile("|".join(rf'["\']{re.escape(word)}["\']' for word in words - {"Failed"}))
    modules = (file for file in PACKAGE.rglob("*.py") if "migrations" not in file.parts)
    found = {
        file.relative_to(PACKAGE).as_posix()
        for file in modules
        if again.search(file.read_text(encoding="utf-8"))
    }
    assert found == {"imports/labels.py"}


@pytest.mark.parametrize("state", RunState)
def test_each_state_is_called_the_same_at_every_door(
    admin: Client, world: World, state: RunState
) -> None:
    Run.objects.update(state=state, error="", counts={"created": 1, "create": 1})
    run = Run.objects.get()
    word = labels.state_label(state)
    assert word in admin.get("/imports/").content.decode()
    assert word in b"".join(admin.get("/imports/?export=csv")).decode()
    assert word in admin.get("/").content.decode()
    shown = table(run)
    assert word in shown
    for code in (*RunState, *Kind, *Result):
        assert not re.search(rf"\b{code.value}\b", shown.replace(word, "")), code
