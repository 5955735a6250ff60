"""Reading a body piece by piece, unpacked in small steps, and no further than it may be long."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

from rollcall.core.outgoing.errors import TooLong, Unreadable

ACCEPTED: Final = "gzip, deflate"
"""`Accept-Encoding`: what the standard library can unpack in steps (RFC 9110, 8.4.1)."""
STEP: Final = 64 * 1024
"""Bytes unpacked at once: a thousand times as many may stand in one packed piece."""

_WINDOWS: Final = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16}


def unpacked(parts: Iterable[bytes], encoding: str, most: int) -> Iterator[bytes]:
    """The body in these packed parts; `encoding` is its `Content-Encoding`.

    Raises:
        TooLong: it, or what it was packed into, is longer than `most` bytes.
        Unreadable: it is packed more than once or in another way than `ACCEPTED`, or damaged.
    """
    received = sent = 0
    unpack = _unpacker(encoding)
    for part in parts:
        received += len(part)
        # A stream may go on for ever without unpacking to anything.
        if received > most:
            raise TooLong
        for piece in unpack(part):
            sent += len(piece)
            if sent > most:
                raise TooLong
            yield piece


def _unpacker(encoding: str) -> Any:
    layers = [layer for word in encoding.lower().split(",") if (layer := word.strip())]
    match [layer for layer in layers if layer != "identity"]:
        case []:
            return lambda part: (part,)
        case ["gzip" | "x-gzip" as layer]:
            return _Inflating(zlib.decompressobj(_WINDOWS[layer]))
        case ["deflate"]:
            return _Deflate()
    raise Unreadable


class _Inflating:
    """Unpacks what one decompressor takes, a step at a time."""

    def __init__(self, decompressor: Any) -> None:
        self._decompressor = decompressor

    def __call__(self, part: bytes) -> Iterator[bytes]:
        try:
            while part and not self._decompressor.eof:
                piece = self._decompressor.decompress(part, STEP)
                part = self._decompressor.unconsumed_tail
                if piece:
                    yield piece
        except zlib.error:
            raise Unreadable from None


class _Deflate:
    """`deflate` is zlib's format by the standard and a bare stream with some servers."""

    def __init__(self) -> None:
        self._inflating: _Inflating | None = None

    def __call__(self, part: bytes) -> Iterator[bytes]:
        if not part:
            return iter(())
        if self._inflating is None:
            # RFC 1950: the low half of the first byte of zlib's format is the method, 8.
            is_zlib = part[0] & 0x0F == 8 and part[0] >> 4 <= 7
            window = zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
            self._inflating = _Inflating(zlib.decompressobj(window))
        return self._inflating(part)
