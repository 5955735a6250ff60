"""What a user is to be by Personio and the mapping: clean values by the directory's fields."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from rollcall.core.emails import is_valid, normalize
from rollcall.core.text import clean, cut
from rollcall.core.user_fields import MAX_LENGTH
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

SHARED: Final = frozenset(
    {"jobTitle", "employeeType", "company", "location", "department", "costCenter"}
)
"""The targets whose values many people have in common."""


class Email(enum.Enum):
    """What Personio says about an employee's e-mail."""

    UNKNOWN = "unknown"
    EMPTY = "empty"
    INVALID = "invalid"
    VALID = "valid"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One employee as the directory would have it.

    `email` is normalized, and what Personio holds (cut) where it is invalid. `texts` are the mapped
    text fields in the order of `targets`; `""` is empty, UNKNOWN is what Personio left out.
    `warnings` name the values that had to be cut. `modified` is ISO 8601, empty where not known.
    """

    id: str
    name: str
    email: str
    email_is: Email
    status: Text
    supervisor: Supervisor | Unknown | None
    targets: tuple[str, ...]
    texts: tuple[str | Unknown, ...]
    warnings: tuple[Reason, ...]
    modified: str

    @property
    def claimed_email(self) -> str | None:
        """The e-mail that the user is to have; None where Personio gives none that can be used."""
        return self.email if self.email_is is Email.VALID else None

    @property
    def identifier(self) -> str | None:
        """The employeeIdentifier, `""` for none; None where it is not mapped or not known."""
        if "employeeIdentifier" not in self.targets:
            return None
        text = self.texts[self.targets.index("employeeIdentifier")]
        return None if isinstance(text, Unknown) else text

    def values(self) -> Iterator[tuple[str, str]]:
        """Each mapped text field that Personio says something about, and what it says."""
        for target, text in zip(self.targets, self.texts, strict=True):
            if not isinstance(text, Unknown):
                yield target, text


class Reader:
    """Reads employees through a mapping, and remembers which attributes nobody carried so far.

    What many people have in common (a department) is kept once, so that a hundred thousand of
    them fit into little memory.
    """

    def __init__(self, mapping: AttributeMapping) -> None:
        sources = {rule.target: rule.source for rule in mapping.rules}
        self._email_source = sources["email"]
        self._by_target = {k: v for k, v in sources.items() if k not in BY_RULE}
        self._targets = tuple(self._by_target)
        self._manages = "manager" in sources
        self._texts: dict[str, str] = {}
        self._words: dict[Text, Text] = {}
        self._bosses: dict[Supervisor, Supervisor] = {}
        self.unseen = dict.fromkeys(rule.source for rule in mapping.rules)

    def want(self, employee: Employee) -> Wanted:
        """What the mapping makes of an employee."""
        warnings: list[Reason] = []
        texts = tuple([self._fitted(employee, *pair, warnings) for pair in self._by_target.items()])
        email, email_is = _email(self._read(employee, self._email_source))
        name = cut(clean(employee.name), MAX_NAME_LENGTH)
        status = self._read(employee, "status")
        return Wanted(
            id=employee.id,
            name=name or email or cut(clean(employee.id), MAX_NAME_LENGTH),
            email=email,
            email_is=email_is,
            status=self._words.setdefault(status, status),
            supervisor=self._supervisor(employee),
            targets=self._targets,
            texts=texts,
            warnings=tuple(warnings),
            modified=_iso(employee.last_modified),
        )

    def _read(self, employee: Employee, source: str) -> str | Unknown:
        text = source_text(employee, source)
        if text is not UNKNOWN and source in self.unseen:
            del self.unseen[source]
        return text

    def _supervisor(self, employee: Employee) -> Supervisor | Unknown | None:
        boss = employee.supervisor
        if not self._manages or isinstance(boss, Unknown):
            return UNKNOWN
        self.unseen.pop("supervisor", None)
        return boss and self._bosses.setdefault(boss, boss)

    def _fitted(
        self, employee: Employee, target: str, source: str, warnings: list[Reason]
    ) -> str | Unknown:
        raw = self._read(employee, source)
        if isinstance(raw, Unknown):
            return raw
        if target in SHARED and raw in self._texts:
            return self._texts[raw]
        text = clean(raw)
        limit = limit_of(target)
        if len(text) > limit:
            warnings.append(Reason("value_cut", {"field": target, "limit": str(limit)}))
            return cut(text, limit)
        if target in SHARED:
            self._texts[raw] = text
        return text


def source_text(employee: Employee, source: str) -> str | Unknown:
    """What Personio's attribute says as text; `""` where it is empty."""
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


def _iso(moment: datetime | Unknown | None) -> str:
    return moment.isoformat() if isinstance(moment, datetime) else ""


def _email(raw: str | Unknown) -> tuple[str, Email]:
    if isinstance(raw, Unknown):
        return "", Email.UNKNOWN
    address = normalize(raw)
    if not address:
        return "", Email.EMPTY
    if is_valid(address):
        return address, Email.VALID
    return cut(clean(raw), MAX_LENGTH["email"]), Email.INVALID
