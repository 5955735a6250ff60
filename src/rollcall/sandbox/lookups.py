"""Finding people by what is written on their record, without a list of all people."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache

from . import daytwo, edge_cases, names
from .catalog import DOMAIN
from .company import Company
from .person import Person

_SHARED = re.compile(r"schichtbuero(\d+)")


def by_email(company: Company, address: str) -> list[int]:
    """The positions of everybody with exactly this address, ascending."""
    mailbox, _, domain = address.strip().lower().partition("@")
    if domain != DOMAIN:
        return []
    candidates = {at for at in _candidates(company, mailbox) if 0 <= at < len(company)}
    return sorted(at for at in candidates if company.email(at) == address)


def _candidates(company: Company, mailbox: str) -> set[int]:
    hired = names.registry(company.seed).position(mailbox)
    # The neighbours too: peculiar people may have the address of the one beside them.
    positions = set() if hired is None else {hired - 1, hired, hired + 1}
    marriage = names.marriage_rank(mailbox)
    if marriage is not None:
        positions.add(daytwo.married_position(company.people, marriage))
    shared = _SHARED.fullmatch(mailbox)
    if shared:
        which = int(shared[1]) - 1
        places = range(len(edge_cases.KINDS))
        positions |= {edge_cases.position(company.people, which, place) for place in places}
    return positions


# Every page of one walk asks for the same list, which takes a second for a million people.
@lru_cache(maxsize=4)
def modified_since(company: Company, since: datetime, keys: frozenset[str] | None) -> Sequence[int]:
    """The positions changed after `since`, where `keys` are given in one of them; ascending."""
    positions = company.modified_since(since)
    if keys is None:
        return positions
    return [at for at in positions if company.change(at)[1] & keys]


def matching(
    company: Company, positions: Sequence[int], wanted: Callable[[Person], bool]
) -> Sequence[int]:
    """Those of the positions whose person is wanted; reads every one of them."""
    return [at for at in positions if wanted(company.person(at))]
