"""Bodies of requests: the small ones in memory, the others veiled, so that no disk can be read."""

from __future__ import annotations

import io
from typing import Any, BinaryIO, Final, cast

from asgiref.sync import sync_to_async
from django.core.exceptions import RequestAborted
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.core.handlers.asgi import ASGIHandler

from rollcall.core.veiled_file import veiled_file

IN_MEMORY: Final = 2_621_440
"""Bytes of a body that are kept in memory: as many as Django's own `FILE_UPLOAD_MAX_MEMORY_SIZE`.

Anybody may send bodies, and many at a time.
"""


class VeilingHandler(ASGIHandler):
    """Django's handler of requests, which would put a large body into a file as it came."""

    async def read_body(self, receive: Any) -> BinaryIO:
        """The body, whole and to be read from its beginning.

        Raises:
            RequestAborted: the client has gone before its end.
        """
        body: Any = io.BytesIO()
        try:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise RequestAborted
                body = await _with(body, message.get("body", b""))
                if not message.get("more_body", False):
                    break
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return cast(BinaryIO, body)


class VeiledUploadHandler(FileUploadHandler):
    """Takes in a file that is too large for the memory, in the place of Django's own handler."""

    def new_file(self, *given: Any, **more: Any) -> None:
        """Begin a file."""
        super().new_file(*given, **more)
        self._file = veiled_file()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Take in a piece of it; nothing is handed on to another handler."""
        self._file.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        """The file, to be read from its beginning."""
        self._file.seek(0)
        return UploadedFile(
            file=self._file,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        """Delete what has come of it."""
        if hasattr(self, "_file"):
            self._file.close()


async def _with(body: Any, piece: bytes) -> Any:
    """The body with this piece behind it: in memory, or out of it once it is too large."""
    if isinstance(body, io.BytesIO):
        if body.tell() + len(piece) <= IN_MEMORY:
            body.write(piece)
            return body
        held, body = body.getvalue(), veiled_file()
        await _write(body, held)
    await _write(body, piece)
    return body


# In a thread, since a disk may be slow, and all other requests would wait for it.
_write = sync_to_async(lambda body, piece: body.write(piece), thread_sensitive=False)
