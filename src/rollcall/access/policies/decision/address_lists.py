"""Lists of IP addresses: single ones, networks and ranges of both versions."""

from __future__ import annotations

import ipaddress
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

MOST_ENTRIES: Final = 5000
LONGEST_ENTRY: Final = 100


@dataclass(frozen=True, slots=True)
class AddressList:
    """Addresses as ranges that do not touch, in order: one look finds whether one is in it."""

    id: str
    name: str
    _starts: Sequence[tuple[int, int]]
    _ends: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, id_: str, name: str, entries: Iterable[str]) -> AddressList:
        """The list with these entries.

        Raises:
            ValueError: see `span`.
        """
        starts: list[tuple[int, int]] = []
        ends: list[tuple[int, int]] = []
        for start, end in sorted(span(entry) for entry in entries):
            if ends and start <= ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                starts.append(start)
                ends.append(end)
        return cls(id_, name, starts, ends)

    def holds(self, ip: tuple[int, int]) -> bool:
        """Whether the address, by version and number, is in the list."""
        place = bisect_right(self._starts, ip)
        return place > 0 and ip <= self._ends[place - 1]


def span(entry: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and the last address of `192.0.2.7`, `192.0.2.0/24` or `192.0.2.1-192.0.2.9`.

    Raises:
        ValueError: it is none of these, its two ends are of two versions, or are the wrong way
            round.
    """
    if len(entry) > LONGEST_ENTRY:
        raise ValueError("too long")
    first, dash, last = entry.partition("-")
    if not dash:
        # An office writes its router's own address with the network's length behind it.
        network = ipaddress.ip_network(entry.strip(), strict=False)
        version = network.version
        return (version, int(network[0])), (version, int(network[-1]))
    start = ipaddress.ip_address(first.strip())
    end = ipaddress.ip_address(last.strip())
    if start.version != end.version or int(start) > int(end):
        raise ValueError("not a range")
    return (start.version, int(start)), (end.version, int(end))


def malformed(entries: Iterable[str]) -> Iterator[str]:
    """The entries that are no address, network or range."""
    for entry in entries:
        try:
            span(entry)
        except ValueError:
            yield entry
