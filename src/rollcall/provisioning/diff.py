"""Differences: what of a user has to change to be as the source wants it, field by field."""

from __future__ import annotations

from dataclasses import dataclass

from rollcall.core.user_fields import ATTRIBUTE_PREFIX
from rollcall.provisioning.change import FieldChange, Value
from rollcall.provisioning.desired_user import IDENTIFIER, Email, Keys, Wanted, hidden_params
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


def of_new(wanted: Wanted, username: str) -> Differences:
    """Every value that a new user gets; empty ones are left out."""
    fields = [
        FieldChange("username", None, username),
        FieldChange("email", None, wanted.keys.email),
    ]
    fields += [FieldChange(name, None, value) for name, value in wanted.values() if value]
    return Differences(tuple(fields), wanted.warnings)


def of_user(wanted: Wanted, user: User, *, complete: bool) -> Differences:
    """What differs between the user and what the source wants; unknown values never do.

    An incomplete read empties nothing; the fields that it would have emptied are a warning.
    """
    fields: list[FieldChange] = []
    email = wanted.keys.claimed_email
    # A difference in case alone is none: it is one address to every mail server that people meet.
    if email is not None and email != user.email.lower():
        fields.append(FieldChange("email", user.email, email))
    kept: list[str] = []
    for name, value in wanted.values():
        before = current_value(user, name)
        # What was never set is None and what was emptied is "": nobody but a program sees a
        # difference.
        if value == (before or ""):
            continue
        if value or complete:
            # The identifier is unique, so that "" could be had by one user only.
            after = None if name == IDENTIFIER and not value else value
            fields.append(FieldChange(name, before, after))
        else:
            kept.append(name)
    warnings = (*wanted.warnings, *_email_kept(wanted.keys), *_not_emptied(kept))
    return Differences(tuple(fields), warnings)


def _email_kept(keys: Keys) -> tuple[Reason, ...]:
    if keys.email_is is Email.EMPTY:
        return (Reason("email_kept_empty"),)
    if keys.hidden is not None:
        return (Reason("email_kept_invisible", hidden_params(keys)),)
    if keys.email_is is Email.INVALID:
        return (Reason("email_kept_invalid", {"value": keys.email}),)
    return ()


def _not_emptied(kept: list[str]) -> tuple[Reason, ...]:
    if not kept:
        return ()
    return (Reason("not_emptied_incomplete", {"fields": ", ".join(kept)}),)
