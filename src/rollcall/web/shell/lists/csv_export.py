"""Files as the portal sends them: streamed, and CSV safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import chain, islice

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse

from rollcall.core import csv_files
from rollcall.web.shell.reading_out import note_reading

_CHUNK = 500


def stream(
    request: HttpRequest, name: str, heading: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """Send the rows as the file `name`, in UTF-8 with a mark that spreadsheets recognize.

    Whoever takes data out leaves an event behind.
    """
    chunks = _chunks(chain([heading], rows))
    return send(request, name, chunks, form="csv", content_type="text/csv; charset=utf-8")


def send(
    request: HttpRequest, name: str, chunks: Iterator[bytes], *, form: str, content_type: str
) -> StreamingHttpResponse:
    """Send these pieces as the file `name`; none may be empty. Leaves an event behind."""
    # Before the first row is sent: a download that is cut off has left the house as well.
    note_reading(request, name, form)
    # Under ASGI, Django would read a plain iterator to its end before it sends the first byte.
    content = _waiting(chunks) if isinstance(request, ASGIRequest) else chunks
    return StreamingHttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _chunks(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    remaining = iter(rows)
    yield csv_files.MARK.encode()
    while taken := list(islice(remaining, _CHUNK)):
        yield csv_files.lines(taken).encode()


async def _waiting(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    # An empty piece ends it: a StopIteration cannot be raised into a future.
    following = sync_to_async(lambda: next(chunks, b""))
    while chunk := await following():
        yield chunk
