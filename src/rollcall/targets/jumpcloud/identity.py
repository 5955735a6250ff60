"""Where a user of JumpCloud carries the id of its employee, so that it is known again."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from rollcall.targets.jumpcloud.responses import Record, attributes_of

_PLAIN: Final = re.compile(r"([a-z0-9]+)(?::([a-z0-9]+))?")


@dataclass(frozen=True, slots=True)
class Identity:
    """The custom attribute that carries the employee's id, and alone says whose user it is.

    Every user that an import makes or adopts carries the id in `attribute`, and only there is it
    read: a number in `employeeIdentifier` may be the number of a stranger in some other system,
    and taking it for an employee's id would rename that stranger. The attribute goes along in the
    same bulk call, so the certainty costs no request.

    `in_identifier`: the id stands in `employeeIdentifier` too, where people look for it, if the
    user has none and no other user has this one. Not for attribute mappings that fill it.
    """

    attribute: str = "externalId"
    in_identifier: bool = True

    def of(self, record: Record) -> str | None:
        """The id of the employee whose user this is; None for nobody's."""
        return attributes_of(record).get(self.attribute) or None


def attribute_of(source: str) -> str:
    """The custom attribute for the ids of this account (`sources.base.Account.key`).

    JumpCloud's names are letters and digits (v1, systemusers): an account whose key holds more
    is told by a digest. Two accounts never share an attribute.
    """
    if (plain := _PLAIN.fullmatch(source)) is not None:
        kind, name = plain.groups()
        return f"{kind}{(name or '').capitalize()}Id"
    # Twelve hex digits: two of a few hundred accounts never come to the same name.
    kind = re.sub("[^a-z0-9]", "", source.partition(":")[0])
    return f"{kind}{hashlib.sha256(source.encode()).hexdigest()[:12]}Id"
