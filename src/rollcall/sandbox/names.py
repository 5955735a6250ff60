"""A name and a unique mailbox for every position, and the way back from the mailbox."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from .name_pools import MARRIED, POOLS, Pool
from .prng import mix, scatter

_HUNDRED = 100
_SPELLED = "ä:ae ö:oe ü:ue ß:ss ø:oe æ:ae å:aa ł:l đ:d ð:d þ:th ı:i ':"
_LATIN = str.maketrans({word[0]: word[2:] for word in _SPELLED.split()} | {" ": ""})
T = TypeVar("T")
_MAILBOX = re.compile(r"([a-z-]+)\.([a-z-]+)(\d*)(?:\.ext)?")


@dataclass(frozen=True, slots=True)
class Part:
    """A first or last name as written, and in the letters of an address."""

    written: str
    ascii: str


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name; `number` tells apart the mailboxes of people who share it (0: the first)."""

    first: Part
    last: Part
    gender: str
    number: int

    def mailbox(self) -> str:
        """The local part of the address: `joerdis.vanderaa`, `joerdis.vanderaa2`, …"""
        return f"{self.first.ascii}.{self.last.ascii}{self.number + 1 if self.number else ''}"


def ascii_letters(written: str) -> str:
    """A Latin name in the letters of an address, as German readers expect (ü becomes ue)."""
    lower = unicodedata.normalize("NFC", written.lower().replace("i̇", "i"))
    # After the German spellings, or ü would become u.
    plain = unicodedata.normalize("NFKD", lower.translate(_LATIN))
    return "".join(letter for letter in plain if letter.isascii())


def _part(word: str) -> Part:
    written, _, given = word.replace("_", " ").partition("=")
    return Part(written, given or ascii_letters(written))


def _parts(words: str) -> tuple[Part, ...]:
    return tuple({part.ascii: part for part in map(_part, words.split())}.values())


class _Names:
    """One pool in a seed's order: first names with their gender, last names, their positions."""

    def __init__(self, pool: Pool, seed: int) -> None:
        women, men = _parts(pool.female), _parts(pool.male)
        given = {part.ascii: (part, "female") for part in women}
        given |= {part.ascii: (part, "male") for part in men}
        self.firsts = _shuffled(tuple(given.values()), seed, 102)
        self.lasts = _shuffled(_parts(pool.last), seed, 103)
        self.first_at = {part.ascii: at for at, (part, _) in enumerate(self.firsts)}
        self.last_at = {part.ascii: at for at, part in enumerate(self.lasts)}
        self.pairs = len(self.firsts) * len(self.lasts)


def _shuffled(values: tuple[T, ...], seed: int, purpose: int) -> tuple[T, ...]:
    order = sorted(range(len(values)), key=lambda at: mix(seed, purpose, at))
    return tuple(values[at] for at in order)


_MARRIED = _parts(MARRIED)
_MARRIED_AT = {part.ascii: at for at, part in enumerate(_MARRIED)}


class Registry:
    """The names of one seed: position to name, and mailbox to position, both in constant time.

    The pools take turns within every hundred people. Within a pool each pair of first and last
    name is given once before any is given again, and then with the next number.
    """

    def __init__(self, seed: int) -> None:
        turns = [at for at, pool in enumerate(POOLS) for _ in range(pool.share)]
        order = sorted(range(_HUNDRED), key=lambda slot: mix(seed, 101, slot))
        self._pool_at = [pool for _, pool in sorted(zip(order, turns, strict=True))]
        self._slots: list[list[int]] = [[] for _ in POOLS]
        self._rank_at = []
        for slot, pool in enumerate(self._pool_at):
            self._rank_at.append(len(self._slots[pool]))
            self._slots[pool].append(slot)
        self._pools = [_Names(pool, seed) for pool in POOLS]
        self._scatter = [scatter(seed, 110 + at, of.pairs) for at, of in enumerate(self._pools)]
        self._by_last = {last: at for at, of in enumerate(self._pools) for last in of.last_at}

    def name(self, position: int) -> Name:
        """The name that the person at this position was hired under."""
        hundred, slot = divmod(position, _HUNDRED)
        pool = self._pool_at[slot]
        names = self._pools[pool]
        rank = hundred * len(self._slots[pool]) + self._rank_at[slot]
        number, turn = divmod(rank, names.pairs)
        factor, shift = self._scatter[pool]
        last, first = divmod((factor * turn + shift) % names.pairs, len(names.firsts))
        part, gender = names.firsts[first]
        return Name(part, names.lasts[last], gender, number)

    def position(self, mailbox: str) -> int | None:
        """The position that was hired under this mailbox, however large the company must be."""
        match = _MAILBOX.fullmatch(mailbox)
        if not match or match[2] not in self._by_last:
            return None
        pool = self._by_last[match[2]]
        names = self._pools[pool]
        first = names.first_at.get(match[1])
        if first is None:
            return None
        # `pow(…, -1, …)` turns the scattering of `name` back, without a list of a million names.
        factor, shift = self._scatter[pool]
        pair = names.last_at[match[2]] * len(names.firsts) + first
        turn = (pair - shift) * pow(factor, -1, names.pairs) % names.pairs
        rank = (int(match[3]) - 1 if match[3] else 0) * names.pairs + turn
        hundred, at = divmod(rank, len(self._slots[pool]))
        return hundred * _HUNDRED + self._slots[pool][at]


@lru_cache(maxsize=8)
def registry(seed: int) -> Registry:
    """The registry of a seed."""
    return Registry(seed)


def married(name: Name, rank: int) -> Name:
    """The name after the marriage numbered `rank` of the day: a new one, or a double name."""
    number, at = divmod(rank, len(_MARRIED))
    new = _MARRIED[at]
    if rank % 3 == 2:
        new = Part(f"{name.last.written}-{new.written}", f"{name.last.ascii}-{new.ascii}")
    return Name(name.first, new, name.gender, number)


def marriage_rank(mailbox: str) -> int | None:
    """The number of the marriage that a mailbox may come from."""
    match = _MAILBOX.fullmatch(mailbox)
    if not match:
        return None
    at = next((at for last, at in _MARRIED_AT.items() if match[2].endswith(last)), None)
    return None if at is None else (int(match[3]) - 1 if match[3] else 0) * len(_MARRIED) + at
