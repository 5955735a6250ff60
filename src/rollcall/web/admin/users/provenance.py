"""Where each value of a user came from and when, and what the next import does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext

from rollcall.directory import labels
from rollcall.directory.models import User
from rollcall.imports import connections
from rollcall.imports.filled_fields import filled_by_the_next_import
from rollcall.web.admin.users.names import full_name


@dataclass(frozen=True)
class Fact:
    """One field of a user on the page: its value, who wrote it last and when.

    `owned` says that imports fill it; `overwritten` that somebody else wrote it since, so that
    the next import writes over it. `user_id` is whom a manager's value leads to.
    """

    field: str
    label: str
    value: str
    source: str
    at: datetime | None
    owned: bool
    overwritten: bool
    user_id: str = ""


def owned_fields(user: User | None) -> frozenset[str]:
    """The fields of this user that the next import fills; none of who was not imported."""
    return filled_by_the_next_import(user.sources) if user is not None else frozenset()


def origin(user: User | None) -> str:
    """What the accounts are called that this user comes from; "" for who was not imported."""
    if user is None or not user.sources:
        return ""
    names = connections.names()
    return ", ".join(names[source] for source in sorted(user.sources))


def employee_ids(user: User) -> list[tuple[str, str]]:
    """Who the user is at each account that it comes from: the id, and the account's name."""
    names = connections.names()
    identities = user.identities.order_by("source").values_list("external_id", "source")
    return [(external_id, names[source]) for external_id, source in identities]


def _source_words() -> Mapping[str, str]:
    """The words for the sources of `User.provenance`."""
    words = connections.names()
    words |= {
        "": "",
        "hand": gettext("By hand"),
        "api": gettext("API"),
        "scim": gettext("API (SCIM)"),
    }
    return words


def source_of(user: User, field: str) -> str:
    """The words for who wrote this field last; "" where nobody knows."""
    return _source_words()[str((user.provenance.get(field) or [""])[0])]


def facts(user: User) -> list[Fact]:
    """Every field of the user that lists know, and the custom attributes."""
    words, owned = _source_words(), owned_fields(user)
    known = [(field, _value(user, field)) for field in labels.FIELDS]
    custom = [(f"attributes.{item['name']}", str(item["value"])) for item in user.attributes]
    return [_fact(user, field, value, words, field in owned) for field, value in known + custom]


def _value(user: User, field: str) -> str:
    if field == "state":
        return str(user.state)
    if field == "manager":
        return full_name(user.manager) if user.manager else ""
    return str(getattr(user, field) or "")


def _fact(user: User, field: str, value: str, words: Mapping[str, str], owned: bool) -> Fact:
    # A field that nobody has written yet has neither.
    source, moment = (*user.provenance.get(field, ()), "", "")[:2]
    at = parse_datetime(moment) if moment else None
    return Fact(
        field=field,
        label=field_label(field),
        value=value,
        source=words[source],
        at=localtime(at) if at else None,
        owned=owned,
        # The state has its own rules: what a person sets may stay (see the lifecycle).
        overwritten=owned and field != "state" and source not in ("", *user.sources),
        user_id=(user.manager_id or "") if field == "manager" else "",
    )


def field_label(field: str) -> str:
    """The word for a field of a user; a custom attribute has its own name."""
    known = labels.FIELDS.get(field)
    return gettext(known) if known else field.removeprefix("attributes.")
