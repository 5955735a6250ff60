"""Texts as numbers: how the keys of a million people fit into little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Final

NONE: Final = -1
"""The number of what is not there."""

_HASH_BITS: Final = 0xFFFFFFFF
_FIRST_SLOTS: Final = 64


class Numbering:
    """Distinct texts and their numbers, from 0 on in the order in which they came.

    Each text is kept once, as bytes in one long row, beside some twenty bytes of tables: a fourth
    of what a dictionary takes. `before` is a numbering that this one goes on from: its texts keep
    their numbers, and nothing more may be added to it.
    """

    def __init__(self, before: Numbering | None = None) -> None:
        self._before = before
        self._first = 0 if before is None else len(before)
        self._bytes = bytearray()
        self._ends = array("Q", [0])
        self._hashes = array("I")
        # open addressing: at a text's place, or soon after it, stands its number
        self._slots = array("i", [NONE]) * _FIRST_SLOTS

    def __len__(self) -> int:
        return self._first + len(self._hashes)

    def __getitem__(self, number: int) -> str:
        if self._before is not None and number < self._first:
            return self._before[number]
        return self._text(number - self._first)

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    def beyond_ascii(self) -> Iterator[str]:
        """The texts with other letters than those of ASCII."""
        if self._before is not None:
            yield from self._before.beyond_ascii()
        # one look at all bytes tells of most companies that there are none
        if not self._bytes.isascii():
            texts = map(self._text, range(len(self._hashes)))
            yield from (text for text in texts if not text.isascii())

    def find(self, text: str) -> int:
        """The text's number; `NONE` where it has none."""
        if self._before is not None and (number := self._before.find(text)) != NONE:
            return number
        place = self._slots[self._slot_of(text, hash(text) & _HASH_BITS)]
        return NONE if place == NONE else self._first + place

    def add(self, text: str) -> int:
        """The text's number; a new one where it had none."""
        if self._before is not None and (number := self._before.find(text)) != NONE:
            return number
        hashed = hash(text) & _HASH_BITS
        slot = self._slot_of(text, hashed)
        if (place := self._slots[slot]) != NONE:
            return self._first + place
        place = self._slots[slot] = len(self._hashes)
        # A source may send half a character; it must come back as it came, or it would be another
        # key.
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))
        self._hashes.append(hashed)
        if 2 * place > len(self._slots):
            self._spread()
        return self._first + place

    def _text(self, place: int) -> str:
        start, end = self._ends[place], self._ends[place + 1]
        return self._bytes[start:end].decode("utf-8", "surrogatepass")

    def _slot_of(self, text: str, hashed: int) -> int:
        """The slot in which the text's number stands or is to stand."""
        slots, hashes = self._slots, self._hashes
        last = len(slots) - 1
        slot = hashed & last
        while (place := slots[slot]) != NONE:
            # The hash first: comparing two numbers is cheaper than cutting a text out of the row.
            if hashes[place] == hashed and self._text(place) == text:
                break
            slot = (slot + 1) & last
        return slot

    def _spread(self) -> None:
        """Twice as many slots, so that at most half of them are taken."""
        last = 2 * len(self._slots) - 1
        slots = array("i", [NONE]) * (last + 1)
        for place, hashed in enumerate(self._hashes):
            slot = hashed & last
            while slots[slot] != NONE:
                slot = (slot + 1) & last
            slots[slot] = place
        self._slots = slots


class Holders:
    """Who holds each number: one holder for nearly every number, and any number of them for some.

    Holders are numbers themselves.
    """

    def __init__(self) -> None:
        self._only = array("i")
        self._several: dict[int, list[int]] = {}

    def add(self, number: int, holder: int) -> None:
        """One more holder of this number."""
        while len(self._only) <= number:
            self._only.append(NONE)
        if self._only[number] == NONE:
            self._only[number] = holder
        else:
            self._several.setdefault(number, [self._only[number]]).append(holder)

    def of(self, number: int) -> tuple[int, ...]:
        """The holders of this number, in the order in which they came."""
        if not 0 <= number < len(self._only) or self._only[number] == NONE:
            return ()
        return tuple(self._several.get(number, ())) or (self._only[number],)

    def shared(self) -> Iterable[tuple[int, list[int]]]:
        """The numbers that have several holders, and these."""
        return self._several.items()
