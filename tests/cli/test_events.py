"""`rollcall events` shows what happened, readable at any width, and what happens now."""

from __future__ import annotations

import io
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
import typer
from rich.console import Console

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.audit.models import Event
from rollcall.audit.recording import Target, record
from rollcall.cli import events
from tests.actors import ADMIN

pytestmark = pytest.mark.django_db
LENA = Actor(Initiator.USER, Door.PORTAL, "lena.brandt@example.org", "5", "192.0.2.7")
# Without what gets the installation ready: the tests' database is.
show_events = events.events.__wrapped__  # type: ignore[attr-defined]


@pytest.fixture
def recorded() -> None:
    record(ADMIN, Action.USER_UPDATE, Target("user", "u1", "lena.brandt"))
    record(LENA, Action.ACCOUNT_SIGN_IN_FAILED, Target("user", "u1"), success=False, reason="wrong")


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_events_are_json_lines_the_newest_last(
    recorded: None, capsys: pytest.CaptureFixture[str]
) -> None:
    show_events(as_json=True)
    shown = lines(capsys.readouterr().out)
    assert [event["event_type"] for event in shown] == [
        "user_update",
        "user_login_attempt",
        "data_export",  # of this very look
    ]
    assert shown[1]["error_message"] == "wrong"


def test_they_are_narrowed_by_type_time_and_number(
    recorded: None, capsys: pytest.CaptureFixture[str]
) -> None:
    show_events(type_=["user_update", "sso_auth"], as_json=True)
    assert len(lines(capsys.readouterr().out)) == 1
    Event.objects.filter(action=Action.USER_UPDATE).update(
        timestamp=datetime.now(UTC) - timedelta(days=3)
    )
    show_events(since="2d", type_=["user_update", "user_login_attempt"], as_json=True)
    assert len(lines(capsys.readouterr().out)) == 1
    show_events(since="2020-01-01", as_json=True)
    assert len(lines(capsys.readouterr().out)) == 5
    show_events(limit=1, as_json=True)
    assert len(lines(capsys.readouterr().out)) == 1


@pytest.mark.parametrize("columns", [40, 80])
def test_every_word_is_whole_at_any_width(
    recorded: None, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    paper = io.StringIO()
    monkeypatch.setattr(events, "output", lambda: Console(file=paper, width=columns))
    show_events()
    text = paper.getvalue()
    assert max(map(len, text.splitlines())) <= columns
    for word in ("user_login_attempt", "192.0.2.7", "failed:", "lena.brandt"):
        assert word in text
    # The reader of a table finds the time and the type of each event on one line.
    if columns == 80:
        assert any("user_login_attempt" in line and ":" in line for line in text.splitlines())


@pytest.mark.parametrize("how", [{"since": "yesterday"}, {"type_": ["no_such_type"]}])
def test_what_cannot_be_meant_ends_with_status_2(
    how: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as end:
        show_events(**how)
    assert end.value.exit_code == 2
    assert "rollcall:" in capsys.readouterr().err


def test_following_shows_what_happens_without_a_second_look_at_what_was_seen(
    recorded: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def waiting(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 4:
            raise KeyboardInterrupt
        if len(waits) < 3:
            record(ADMIN, Action.GROUP_CREATE, Target("user_group", str(len(waits))))

    monkeypatch.setattr(time, "sleep", waiting)
    with pytest.raises(KeyboardInterrupt):
        show_events(follow=True, type_=["group_create"], as_json=True)
    shown = [event["resource"] for event in lines(capsys.readouterr().out)]
    assert shown == [{"id": "1", "type": "user_group"}, {"id": "2", "type": "user_group"}]
    assert min(waits) >= 1
