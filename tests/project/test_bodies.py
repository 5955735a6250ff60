"""Large bodies and files pass through the disk unreadably, and arrive as they were sent."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import RequestAborted
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory

from rollcall.project.bodies import IN_MEMORY, VeilingHandler

NAME = b"Wilhelmina Brandt;"
PIECE = NAME * 4000
OPEN_FILES = Path("/proc/self/fd")


def pieces(number: int) -> list[dict[str, Any]]:
    """The messages of a body of so many pieces."""
    return [
        {"type": "http.request", "body": PIECE, "more_body": place < number - 1}
        for place in range(number)
    ]


def received(messages: list[dict[str, Any]]) -> Any:
    """The body that the handler reads from these messages."""
    waiting = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(waiting)

    # its middlewares are not of interest here
    handler = VeilingHandler.__new__(VeilingHandler)
    return asyncio.run(handler.read_body(receive))


def open_files() -> Iterator[bytes]:
    """What stands in the deleted files that this process has open, as the disk has it."""
    for entry in OPEN_FILES.iterdir():
        try:
            if "deleted" in str(entry.readlink()):
                yield os.pread(int(entry.name), 50_000_000, 0)
        except OSError:
            continue


@pytest.mark.parametrize("number", [1, 30, 60])
def test_a_body_arrives_as_it_was_sent(number: int) -> None:
    with received(pieces(number)) as body:
        assert body.read() == PIECE * number


def test_a_small_one_touches_no_disk() -> None:
    with received(pieces(1)) as body:
        assert not hasattr(body, "raw")


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="the system does not show open files")
def test_of_a_large_one_the_disk_holds_nothing_that_can_be_read() -> None:
    assert len(PIECE) * 60 > IN_MEMORY
    with received(pieces(60)) as body:
        body.read(1)
        stored = list(open_files())
    assert any(len(content) > IN_MEMORY for content in stored)
    assert not any(NAME in content for content in stored)


def test_a_client_that_goes_away_leaves_nothing_open() -> None:
    gone = [*pieces(60)[:50], {"type": "http.disconnect"}]
    with pytest.raises(RequestAborted):
        received(gone)


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="the system does not show open files")
def test_a_large_file_of_a_form_is_not_readable_on_the_disk_either() -> None:
    content = PIECE * 60
    upload = SimpleUploadedFile("people.csv", content, "text/csv")
    request: HttpRequest = RequestFactory().post("/", {"file": upload, "name": "x"})
    file: Any = request.FILES["file"]
    stored = list(open_files())
    assert any(len(one) > IN_MEMORY for one in stored)
    assert not any(NAME in one for one in stored)
    assert (file.size, file.name, file.content_type) == (len(content), "people.csv", "text/csv")
    assert file.read() == content
    assert request.POST["name"] == "x"
    assert b"".join(file.chunks()) == content
    request.close()
