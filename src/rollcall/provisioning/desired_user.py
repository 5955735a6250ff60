"""What a user is to be by the source and the mapping: clean values by the directory's fields."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from rollcall.core.emails import is_valid, normalize
from rollcall.core.invisible import Invisible, first_in
from rollcall.core.text import clean, cut, settled
from rollcall.core.user_fields import MAX_LENGTH
from rollcall.core.user_texts import OF_WORK
from rollcall.provisioning.cost_centers import cost_center_text
from rollcall.provisioning.employee import (
    TEXT_ATTRIBUTES,
    UNKNOWN,
    Employee,
    Supervisor,
    Text,
    Unknown,
)
from rollcall.provisioning.mapping import AttributeMapping, limit_of
from rollcall.provisioning.reason import Reason

MAX_NAME_LENGTH: Final = 2000
"""How many characters of a person's name a change carries."""

BY_RULE: Final = frozenset({"email", "state", "manager"})
"""The targets that have rules of their own; every other one takes its value as it is."""

IDENTIFIER: Final = "employeeIdentifier"

SHARED: Final = frozenset(OF_WORK)
"""The targets whose values many people have in common."""


class Email(enum.Enum):
    """What the source says about an employee's e-mail."""

    UNKNOWN = "unknown"
    EMPTY = "empty"
    INVALID = "invalid"
    VALID = "valid"


@dataclass(frozen=True, slots=True)
class Keys:
    """What of an employee concerns other employees and users too, as the directory would have it.

    `email` is normalized, and what the source holds (cut) where it is invalid. `identifier` is the
    employeeIdentifier, `""` for none; None where it is not mapped or not known. `hidden` is the
    first character of the e-mail that nobody sees.
    """

    id: str
    email: str
    email_is: Email
    status: Text
    supervisor: Supervisor | Unknown | None
    identifier: str | None
    hidden: Invisible | None = None

    @property
    def claimed_email(self) -> str | None:
        """The e-mail that the user is to have; None where the source gives none of use."""
        return self.email if self.email_is is Email.VALID else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One employee as the directory would have it, with every value.

    `texts` are the mapped text fields and their values: `""` is empty, UNKNOWN is what the source
    left out. `warnings` name the values that had to be cut. `row` is `Employee.row`.
    """

    keys: Keys
    name: str
    texts: tuple[tuple[str, str | Unknown], ...]
    warnings: tuple[Reason, ...]
    row: int | None = None

    def without_email(self) -> Wanted:
        """The same employee, of whose e-mail nothing is known."""
        return replace(self, keys=replace(self.keys, email="", email_is=Email.UNKNOWN, hidden=None))

    def without_identifier(self) -> Wanted:
        """The same employee, of whose identifier nothing is known."""
        texts = ((name, UNKNOWN if name == IDENTIFIER else text) for name, text in self.texts)
        return replace(self, keys=replace(self.keys, identifier=None), texts=tuple(texts))

    def values(self) -> Iterator[tuple[str, str]]:
        """Each mapped text field that the source says something about, and what it says."""
        for target, text in self.texts:
            if not isinstance(text, Unknown):
                yield target, text


class Reader:
    """Reads employees through a mapping, and remembers which attributes nobody carried so far."""

    def __init__(self, mapping: AttributeMapping) -> None:
        sources = {rule.target: rule.source for rule in mapping.rules}
        self._email_source = sources["email"]
        self._identifier_source = sources.get(IDENTIFIER)
        self._texts = tuple((k, v, limit_of(k)) for k, v in sources.items() if k not in BY_RULE)
        self._manages = "manager" in sources
        self._cleaned: dict[str, str] = {}
        self.unseen = dict.fromkeys(rule.source for rule in mapping.rules)

    def keys(self, employee: Employee) -> Keys:
        """What the mapping makes of an employee's keys; notes which attributes are there."""
        # A copy, since it shrinks; after the first few employees there is nothing left to look for.
        for source in [*self.unseen]:
            if _is_there(employee, source):
                del self.unseen[source]
        return self._keys(employee)

    def want(self, employee: Employee) -> Wanted:
        """What the mapping makes of an employee."""
        keys = self._keys(employee)
        warnings: list[Reason] = []
        texts = tuple([(rule[0], self._fitted(employee, *rule, warnings)) for rule in self._texts])
        name = cut(clean(employee.name), MAX_NAME_LENGTH)
        return Wanted(
            keys=keys,
            name=name or keys.email or cut(clean(employee.id), MAX_NAME_LENGTH),
            texts=texts,
            warnings=tuple(warnings),
            row=employee.row,
        )

    def _keys(self, employee: Employee) -> Keys:
        email, email_is, hidden = _email(source_text(employee, self._email_source))
        return Keys(
            id=employee.id,
            email=email,
            email_is=email_is,
            status=employee.status,
            supervisor=employee.supervisor if self._manages else UNKNOWN,
            identifier=self._identifier(employee),
            hidden=hidden,
        )

    def _identifier(self, employee: Employee) -> str | None:
        if self._identifier_source is None:
            return None
        text = self._fitted(employee, IDENTIFIER, self._identifier_source, limit_of(IDENTIFIER), [])
        return None if isinstance(text, Unknown) else text

    def _fitted(
        self, employee: Employee, target: str, source: str, limit: int, warnings: list[Reason]
    ) -> str | Unknown:
        raw = source_text(employee, source)
        if isinstance(raw, Unknown):
            return raw
        # A company has few distinct texts of these, so each is cleaned once.
        if target in SHARED and raw in self._cleaned:
            return self._cleaned[raw]
        text = settled(raw)
        if hidden := first_in(text[:limit], written=target != IDENTIFIER):
            # nothing else about the employee waits for it: somebody who left is still suspended
            params = {"field": target, "character": hidden.name, "place": str(hidden.place)}
            warnings.append(Reason("value_invisible", params))
            return UNKNOWN
        if len(text) > limit:
            warnings.append(Reason("value_cut", {"field": target, "limit": str(limit)}))
            return cut(text, limit)
        if target in SHARED:
            self._cleaned[raw] = text
        return text


def _is_there(employee: Employee, source: str) -> bool:
    if source == "supervisor":
        return not isinstance(employee.supervisor, Unknown)
    return source_text(employee, source) is not UNKNOWN


def hidden_params(keys: Keys) -> dict[str, str]:
    """What to say of the character of the e-mail that nobody sees; "" where there is none."""
    hidden = keys.hidden or Invisible("", 0)
    return {"value": keys.email, "character": hidden.name, "place": str(hidden.place)}


def source_text(employee: Employee, source: str) -> str | Unknown:
    """What the source's attribute says as text; `""` where it is empty."""
    if source in TEXT_ATTRIBUTES or source in ("hire_date", "termination_date"):
        value: str | date | Unknown | None = getattr(employee, source)
    elif source == "id":
        return employee.id
    elif source == "cost_centers":
        shares = employee.cost_centers
        return UNKNOWN if isinstance(shares, Unknown) else cost_center_text(shares or ())
    else:
        value = employee.custom.get(source, UNKNOWN)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def _email(raw: str | Unknown) -> tuple[str, Email, Invisible | None]:
    if isinstance(raw, Unknown):
        return "", Email.UNKNOWN, None
    hidden = first_in(settled(raw), written=False)
    address = normalize(raw)
    if not hidden and not address:
        return "", Email.EMPTY, None
    if not hidden and is_valid(address):
        return address, Email.VALID, None
    # As it came: whoever is to correct it must find it again in the source.
    return cut(clean(raw), MAX_LENGTH["email"]), Email.INVALID, hidden
