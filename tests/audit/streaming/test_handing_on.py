"""Events are handed on in their order, each at least once, whatever ends the process meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rollcall.audit.models import Event, Stream
from rollcall.audit.streaming import destinations, handing_on, standing
from rollcall.audit.streaming.errors import NotTaken
from rollcall.audit.streaming.handing_on import hand_on
from rollcall.audit.streaming.lines_file import LinesFile
from tests.actors import TESTER
from tests.audit.events import write
from tests.audit.streaming import collector
from tests.audit.streaming.collector import Standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def siem() -> Iterator[Standing]:
    with collector.standing() as server:
        yield server


@pytest.fixture
def file() -> Iterator[Path]:
    path = Path(django_settings.DATA_DIR) / destinations.FILE
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


def expected() -> list[str]:
    return [event.event_id for event in Event.objects.order_by("pk")]


def try_again_now() -> None:
    Stream.objects.update(due_at=None, claimed_until=None)


def test_nothing_is_written_where_nothing_takes_events() -> None:
    write(3)
    with CaptureQueriesContext(connection) as queries:
        assert hand_on() == 0
    assert len(queries) == 1
    assert standing.read() is None


def test_a_collector_gets_every_event_once_in_order_with_the_token(siem: Standing) -> None:
    write(3)
    destinations.choose(TESTER, "collector", siem.url, "t0ken")
    assert hand_on() == 4  # the choice is an event as well
    assert siem.ids() == expected()
    assert siem.tokens == ["Bearer t0ken"]
    assert siem.events()[0]["event_type"] == "user_update"
    assert hand_on() == 0
    write(2, first=10)
    assert hand_on() == 2
    assert siem.ids() == expected()


def test_batches_are_bounded_in_events_and_bytes(
    siem: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_on, "AT_ONCE", 4)
    write(9)
    destinations.choose(TESTER, "collector", siem.url, "")
    assert hand_on() == 10
    assert [body.count(b"\n") for body in siem.bodies] == [4, 4, 2]
    monkeypatch.setattr(handing_on, "LARGEST", 1)
    write(2)
    hand_on()
    assert [body.count(b"\n") for body in siem.bodies[3:]] == [1, 1]
    assert siem.ids() == expected()


def test_what_is_refused_waits_and_comes_in_order_later(siem: Standing) -> None:
    write(2)
    destinations.choose(TESTER, "collector", siem.url, "")
    for status in (500, 302):
        siem.statuses = [status]
        assert hand_on() == 0
        told = standing.read()
        assert told is not None
        assert (told.error, told.waiting) == (f"Status {status}", 3)
        # Not at once: a collector that has trouble is left alone for a while.
        assert hand_on() == 0
        try_again_now()
    assert hand_on() == 3
    assert siem.ids() == expected()
    now = standing.read()
    assert now is not None
    assert (now.error, now.waiting) == ("", 0)
    # Neither path nor query: they may hold a key.
    assert now.where == "http://127.0.0.1"


def test_pauses_grow_and_are_capped() -> None:
    pauses = [handing_on.pause_after(attempts) for attempts in (1, 2, 3, 1000)]
    assert pauses == [
        timedelta(seconds=15),
        timedelta(seconds=30),
        timedelta(seconds=60),
        timedelta(minutes=15),
    ]


def test_killed_before_it_is_noted_a_batch_comes_again(
    siem: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(3)
    destinations.choose(TESTER, "collector", siem.url, "")
    now = timezone.now

    def killed_at() -> datetime:
        if siem.bodies:
            raise KeyboardInterrupt
        return now()

    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", killed_at)
        with pytest.raises(KeyboardInterrupt):
            hand_on()
    assert hand_on() == 0  # until the claim of the one that died has run out
    Stream.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert hand_on() == 4
    assert siem.ids() == expected() * 2


def test_one_process_at_a_time_is_at_it(siem: Standing) -> None:
    write(1)
    destinations.choose(TESTER, "collector", siem.url, "")
    Stream.objects.update(claimed_until=timezone.now() + timedelta(minutes=1))
    assert hand_on() == 0
    assert siem.bodies == []


def test_a_file_gets_whole_lines_and_no_half_one_stays(file: Path) -> None:
    write(2)
    destinations.choose(TESTER, "file", "", "")
    assert hand_on() == 3
    with file.open("ab") as content:
        content.write(b'{"id": "broken o')
    write(1)
    assert hand_on() == 1
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == expected()
    assert file.stat().st_mode & 0o077 == 0


def test_a_file_that_was_moved_away_is_begun_anew(file: Path, tmp_path: Path) -> None:
    destinations.choose(TESTER, "file", "", "")
    hand_on()
    file.rename(tmp_path / "events.1")
    write(1)
    assert hand_on() == 1
    assert len(file.read_bytes().splitlines()) == 1


def test_no_link_is_followed_and_no_folder_written(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("link", "."):
        with pytest.raises(NotTaken):
            LinesFile(tmp_path / name).take(b"{}\n")
    assert not (tmp_path / "elsewhere").exists()


def test_the_installations_settings_win_over_the_portal(
    siem: Standing, tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    destinations.choose(TESTER, "collector", siem.url, "")
    settings.EVENTS_TO = str(tmp_path / "log" / "events.jsonl")  # type: ignore[attr-defined]
    write(2)
    assert hand_on() == 3
    assert siem.bodies == []
    assert len((tmp_path / "log" / "events.jsonl").read_bytes().splitlines()) == 3


def test_an_address_that_the_operator_does_not_list_is_sent_nothing() -> None:
    write(1)
    destinations.choose(TESTER, "collector", "https://siem.invalid/in", "t0ken")
    assert hand_on() == 0
    told = standing.read()
    assert told is not None
    assert told.error == "AddressNotAllowed"


def test_a_token_is_sealed_kept_for_its_address_and_written_nowhere() -> None:
    destinations.choose(TESTER, "collector", "http://127.0.0.1:9/a", "t0ken")
    stream = Stream.the()
    assert b"t0ken" not in bytes(stream.sealed_token)
    destinations.choose(TESTER, "collector", "http://127.0.0.1:9/a", "")
    assert Stream.the().sealed_token
    destinations.choose(TESTER, "collector", "http://127.0.0.1:9/b", "")
    assert not Stream.the().sealed_token
    assert "t0ken" not in json.dumps(list(Event.objects.values_list("changes", "details")))
