"""Differences: what of a user has to change to be as Personio wants it, field by field."""

from __future__ import annotations

from dataclasses import dataclass

from rollcall.core.user_fields import ATTRIBUTE_PREFIX
from rollcall.provisioning.change import FieldChange, Value
from rollcall.provisioning.desired_user import SHARED, Email, Wanted
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.user import User


@dataclass(frozen=True, slots=True)
class Differences:
    """The fields that change (without state and manager), and what to know about them."""

    fields: tuple[FieldChange, ...]
    warnings: tuple[Reason, ...] = ()


def current_value(user: User, field: str) -> Value:
    """What the user has in a field, by the name that a change gives it."""
    if field.startswith(ATTRIBUTE_PREFIX):
        return user.attributes.get(field.removeprefix(ATTRIBUTE_PREFIX))
    value: Value = getattr(user, field)
    return value


class Comparison:
    """Compares people with their users; what many of them have in common is kept once.

    An incomplete read empties nothing; the fields that it would have emptied are a warning.
    """

    def __init__(self, complete: bool) -> None:
        self._complete = complete
        self._kept_once: dict[FieldChange, FieldChange] = {}

    def of_new(self, one: Wanted, username: str) -> Differences:
        """Every value that a new user gets; empty ones are left out."""
        fields = [FieldChange("username", None, username), FieldChange("email", None, one.email)]
        fields += [self._field(name, None, value) for name, value in one.values() if value]
        return Differences(tuple(fields), one.warnings)

    def of_user(self, one: Wanted, user: User) -> Differences:
        """What differs between the user and what Personio wants; unknown values never do."""
        fields: list[FieldChange] = []
        if one.claimed_email is not None and one.claimed_email != user.email.lower():
            fields.append(FieldChange("email", user.email, one.claimed_email))
        kept: list[str] = []
        for name, value in one.values():
            before = current_value(user, name)
            if value == (before or ""):
                continue
            if value or self._complete:
                after = None if name == "employeeIdentifier" and not value else value
                fields.append(self._field(name, before, after))
            else:
                kept.append(name)
        return Differences(tuple(fields), (*one.warnings, *_email_kept(one), *_not_emptied(kept)))

    def _field(self, name: str, before: Value, after: Value) -> FieldChange:
        change = FieldChange(name, before, after)
        return self._kept_once.setdefault(change, change) if name in SHARED else change


def _email_kept(one: Wanted) -> tuple[Reason, ...]:
    if one.email_is is Email.EMPTY:
        return (Reason("email_kept_empty"),)
    if one.email_is is Email.INVALID:
        return (Reason("email_kept_invalid", {"value": one.email}),)
    return ()


def _not_emptied(kept: list[str]) -> tuple[Reason, ...]:
    if not kept:
        return ()
    return (Reason("not_emptied_incomplete", {"fields": ", ".join(kept)}),)
