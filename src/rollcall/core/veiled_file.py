"""Temporary files of which nothing can be read on the disk, not even after they are gone.

What is deleted stays on a disk until something else is written there. The key of such a file is in
this process's memory alone, and goes with it.
"""

from __future__ import annotations

import io
import os
import tempfile
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

BLOCK: Final = 16
"""Bytes that AES enciphers at once."""


def veiled_file() -> io.BufferedRandom:
    """A new temporary file without a name; what is written is appended, and read at any place."""
    return io.BufferedRandom(_Veiled())


class _Veiled(io.RawIOBase):
    """Enciphers with AES-256 in counter mode, by which each byte has its own place in the stream.

    A place is written once: twice, and the two texts could be told from what they have in common.
    """

    def __init__(self) -> None:
        super().__init__()
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by `close`
        self._key = AES(os.urandom(32))
        self._first = int.from_bytes(os.urandom(BLOCK))
        self._place = 0
        self._end = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def writable(self) -> bool:
        """At its end."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to this place."""
        self._place = self._file.seek(offset, whence)
        return self._place

    def tell(self) -> int:
        """The place."""
        return self._place

    def write(self, content: Any) -> int:
        """Append the content.

        Raises:
            io.UnsupportedOperation: something is written at this place already.
        """
        if self._place != self._end:
            raise io.UnsupportedOperation("this file is appended to only")
        veiled = memoryview(self._stream().update(bytes(content)))
        while veiled:
            veiled = veiled[self._file.write(veiled) or 0 :]
        written = memoryview(content).nbytes
        self._place = self._end = self._end + written
        return written

    def readinto(self, buffer: Any) -> int:
        """Read on from this place."""
        content = self._file.read(memoryview(buffer).nbytes) or b""
        buffer[: len(content)] = self._stream().update(content)
        self._place += len(content)
        return len(content)

    def close(self) -> None:
        """Delete it."""
        self._file.close()
        super().close()

    def _stream(self) -> CipherContext:
        """The cipher, at the place of the file."""
        blocks, within = divmod(self._place, BLOCK)
        counter = (self._first + blocks) % (1 << 8 * BLOCK)
        cipher = Cipher(self._key, CTR(counter.to_bytes(BLOCK))).encryptor()
        cipher.update(bytes(within))
        return cipher
