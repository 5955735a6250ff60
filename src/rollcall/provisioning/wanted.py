"""What a user is to be by Personio and the mapping: clean values by the directory's fields."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rollcall.provisioning.address import is_valid, normalize
from rollcall.provisioning.employee import TEXT_ATTRIBUTES, UNKNOWN, Employee, Unknown
from rollcall.provisioning.mapping import AttributeMapping, limit_of
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.user import MAX_LENGTH
from rollcall.provisioning.values import clean, cost_center_text, cut

MAX_NAME_LENGTH = 2000
"""How many characters of a person's name a change carries."""

BY_RULE = frozenset({"email", "state", "manager"})
"""The targets that have rules of their own; every other one takes its value as it is."""


class Email(enum.Enum):
    """What Personio says about an employee's e-mail."""

    UNKNOWN = "unknown"
    EMPTY = "empty"
    INVALID = "invalid"
    VALID = "valid"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One employee as the directory would have it.

    `email` is normalized, and what Personio holds (cut) where it is invalid. `values` has the
    mapped text fields by target; `""` is empty, and what is unknown is not in it. `warnings` name
    the values that had to be cut.
    """

    employee: Employee
    name: str
    email: str
    email_is: Email
    values: Mapping[str, str]
    warnings: tuple[Reason, ...]

    @property
    def id(self) -> str:
        """Personio's id of the employee."""
        return self.employee.id

    @property
    def claimed_email(self) -> str | None:
        """The e-mail that the user is to have; None where Personio gives none that can be used."""
        return self.email if self.email_is is Email.VALID else None


def want(employee: Employee, mapping: AttributeMapping) -> Wanted:
    """What the mapping makes of an employee."""
    values: dict[str, str] = {}
    warnings: list[Reason] = []
    email, email_is = "", Email.UNKNOWN
    for rule in mapping.rules:
        if rule.target == "email":
            email, email_is = _email(source_text(employee, rule.source))
        elif rule.target not in BY_RULE:
            raw = source_text(employee, rule.source)
            if isinstance(raw, str):
                values[rule.target] = _fitted(raw, rule.target, warnings)
    name = cut(clean(employee.name), MAX_NAME_LENGTH) or email or employee.id
    return Wanted(employee, name, email, email_is, values, tuple(warnings))


def source_text(employee: Employee, source: str) -> str | Unknown:
    """What Personio's attribute says as text; `""` where it is empty."""
    if source == "id":
        return employee.id
    if source == "cost_centers":
        shares = employee.cost_centers
        return UNKNOWN if isinstance(shares, Unknown) else cost_center_text(shares or ())
    if source in TEXT_ATTRIBUTES or source in ("hire_date", "termination_date"):
        value: str | date | Unknown | None = getattr(employee, source)
    else:
        value = employee.custom.get(source, UNKNOWN)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def is_known(employee: Employee, source: str) -> bool:
    """Whether Personio said anything about this attribute, were it that it is empty."""
    if source == "supervisor":
        return employee.supervisor is not UNKNOWN
    return source_text(employee, source) is not UNKNOWN


def _email(raw: str | Unknown) -> tuple[str, Email]:
    if isinstance(raw, Unknown):
        return "", Email.UNKNOWN
    address = normalize(raw)
    if not address:
        return "", Email.EMPTY
    if is_valid(address):
        return address, Email.VALID
    return cut(clean(raw), MAX_LENGTH["email"]), Email.INVALID


def _fitted(raw: str, target: str, warnings: list[Reason]) -> str:
    whole = clean(raw)
    limit = limit_of(target)
    fitted = cut(whole, limit)
    if len(whole) > limit:
        warnings.append(Reason("value_cut", {"field": target, "limit": str(limit)}))
    return fitted
