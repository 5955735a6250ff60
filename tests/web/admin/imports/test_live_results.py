"""The live stream: everybody once, the missing ones after a cut, and the end."""

from __future__ import annotations

import asyncio
import re

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.test import AsyncClient

from rollcall.accounts.models import Account
from rollcall.imports.models import Run
from tests.web import runs
from tests.web.world import World, build

pytestmark = pytest.mark.django_db(transaction=True)
BACKEND = "rollcall.accounts.backend.AccountBackend"


@pytest.fixture
def committed_world(transactional_db: None) -> World:
    """The ordinary world, where other threads see it."""
    return build()


async def read(world: World, run: Run, until: str, last: str = "", query: str = "") -> str:
    """What the stream sends until this text has come."""
    client = AsyncClient()
    await client.aforce_login(world.people["read_only"], backend=BACKEND)
    headers = {"Last-Event-ID": last} if last else {}
    answer = await client.get(f"/imports/{run.number}/live/{query}", headers=headers)
    assert answer["Content-Type"] == "text/event-stream"
    text = ""
    stream = answer.streaming_content  # type: ignore[attr-defined]  # the client's own type hides it
    async with asyncio.timeout(10):
        async for part in stream:
            text += part.decode()
            if until in text:
                break
    await stream.aclose()
    return text


def people(text: str) -> list[str]:
    """The employees in these events, in their order."""
    return re.findall(r'data-employee="(\d+)"', text)


def finish_two(run: Run) -> None:
    """Two more people have a result."""
    for row in run.changes.all()[1:3]:
        runs.finish(row)


def last_id(text: str) -> str:
    """The id of the last event."""
    return str(re.findall(r"^id: (.*)$", text, re.MULTILINE)[-1])


def test_whoever_connects_anew_gets_the_progress_and_everybody_so_far(
    committed_world: World,
) -> None:
    run = runs.at_work(committed_world, done=4)
    text = asyncio.run(read(committed_world, run, until="event: people"))
    assert "Writing users: 4 of 10" in text
    assert people(text) == ["1003", "1002", "1001", "1000"], "the newest stand first"


def test_whoever_was_cut_off_gets_the_missing_ones_only(committed_world: World) -> None:
    run = runs.at_work(committed_world, done=4)
    before = asyncio.run(read(committed_world, run, until="event: people"))
    for row in run.changes.filter(seq__in=(4, 5)):
        runs.finish(row)
    after = asyncio.run(read(committed_world, run, until="1005", last=last_id(before)))
    assert "event: people" not in after
    assert people(after) == ["1004", "1005"]


@pytest.mark.parametrize("end", ["signed out", "deactivated", "new password"])
def test_the_stream_ends_with_the_session_of_who_listens(committed_world: World, end: str) -> None:
    run = runs.at_work(committed_world, done=1)
    person = committed_world.people["read_only"]

    def end_it() -> None:
        if end == "signed out":
            Session.objects.all().delete()
        elif end == "deactivated":
            Account.objects.filter(pk=person.pk).update(is_active=False)
        else:
            person.set_password("seven grey geese at dawn")
            person.save()

    async def watch() -> str:
        async def work() -> None:
            await asyncio.sleep(0.5)
            await sync_to_async(end_it)()

        working = asyncio.create_task(work())
        text = await read(committed_world, run, until="event: moved")
        await working
        return text

    assert "event: moved" in asyncio.run(watch())


def test_people_come_one_by_one_while_the_stream_is_open(committed_world: World) -> None:
    run = runs.at_work(committed_world, done=1)

    async def watch() -> str:
        async def work() -> None:
            await asyncio.sleep(0.5)
            await sync_to_async(finish_two)(run)
            run.state = "completed"
            await run.asave()

        working = asyncio.create_task(work())
        text = await read(committed_world, run, until="event: moved")
        await working
        return text

    text = asyncio.run(watch())
    assert text.count("event: person") == 2
    assert people(text) == ["1000", "1001", "1002"]
    assert text.rstrip().endswith("event: moved\ndata: completed")


def test_a_page_without_the_list_is_told_to_move_on(committed_world: World) -> None:
    run = runs.at_work(committed_world, done=4)
    text = asyncio.run(read(committed_world, run, until="event: moved", query="?writing=0"))
    assert people(text) == []


def test_an_ended_run_only_says_so(committed_world: World) -> None:
    text = asyncio.run(read(committed_world, committed_world.run, until="event: moved"))
    assert people(text) == []


def test_a_forged_position_is_none_at_all(committed_world: World) -> None:
    run = runs.at_work(committed_world, done=2)
    for forged in ("rubbish", "2026-13-40T00:00:00+00:00_1", "2026-01-01T00:00:00_1", "_"):
        text = asyncio.run(read(committed_world, run, until="event: people", last=forged))
        assert len(people(text)) == 2
