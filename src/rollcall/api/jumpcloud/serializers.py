"""A user as JumpCloud's v1 shows one: the fields, where they are stored, and the object itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from rollcall.accounts import factors
from rollcall.accounts.models import Account
from rollcall.api.jumpcloud import factor_fields
from rollcall.api.jumpcloud.constants import Constant
from rollcall.api.jumpcloud.moments import moment
from rollcall.api.jumpcloud.query import names
from rollcall.core.user_fields import PLAIN_TEXTS
from rollcall.directory.models import User

LISTS: Final = ("attributes", "addresses", "phoneNumbers")
FLAGS: Final = ("activated", "account_locked", "password_expired")
MOMENTS: Final = ("password_expiration_date", "password_date")
OF_ACCOUNT: Final = "account__"

COLUMNS: Final[Mapping[str, str]] = {
    "_id": "id",
    "username": "username",
    "email": "email",
    "state": "state",
    **{name: name for name in PLAIN_TEXTS},
    "employeeIdentifier": "employeeIdentifier",
    "manager": "manager_id",
    "alternateEmail": "alternateEmail",
    "recoveryEmail": "recoveryEmail",
    **{name: name for name in LISTS},
    **{name: name for name in FLAGS},
    "creationSource": "creationSource",
    "created": "created",
    "password_expiration_date": "account__password_expires_at",
    "password_date": "account__password_set_at",
}
"""Where each field that is stored is stored; the order is that of the object."""

FIXED: Final[Mapping[str, Any]] = {
    "externally_managed": False,
    "external_dn": "",
    "external_source_type": "",
    "sudo": False,
    "passwordless_sudo": False,
    "ldap_binding_user": False,
    "samba_service_user": False,
    "enable_managed_uid": False,
    "password_never_expires": False,
}
"""Fields of the vendor's object that are the same for every user of this directory."""

CONSTANTS: Final[Mapping[str, Constant]] = {
    f"{name}.{part}" if part else name: Constant(value)
    for name, shown in FIXED.items()
    for part, value in (shown.items() if isinstance(shown, dict) else [("", shown)])
}
"""What of them can be compared, by the path of each value."""

DERIVED: Final = ("suspended", "organization")
NAMES: Final = frozenset((*COLUMNS, *FIXED, *factor_fields.NAMES, *DERIVED, "id"))
"""Every field that may be asked for."""

ORDER: Final = tuple(COLUMNS)
OMITTED_WHEN_NONE: Final = ("employeeIdentifier", "manager")
# the contract has these as text only, so where there is none they are left out


def users(selected: QuerySet[User], organization: str, fields: str = "") -> list[dict[str, Any]]:
    """These users as JSON-able objects, with the named fields or all, in three statements.

    A fourth one is made where members of groups need a second factor.
    `fields` is blank-separated; names that no user has are ignored; `_id` is always there.
    """
    make = _maker(organization, fields)
    return _with_factors([make(row) for row in _rows(selected)], fields)


def user(user: User, organization: str, fields: str = "") -> dict[str, Any]:
    """This user as a JSON-able object, with the named fields or all."""
    row = [json.dumps(value) if name in LISTS else value for name, value in _columns_of(user)]
    [shown] = _with_factors([_maker(organization, fields)(row)], fields)
    return shown


def wanted(fields: str) -> frozenset[str]:
    """The names in a blank-separated (or comma-separated) list of fields."""
    return frozenset(names(fields))


def _with_factors(shown: list[dict[str, Any]], fields: str) -> list[dict[str, Any]]:
    """The objects with what is told of second factors, unless only other fields were asked for."""
    names = wanted(fields) & NAMES
    asked = names & set(factor_fields.NAMES) if names else set(factor_fields.NAMES)
    if not asked:
        return shown
    known = factors.of_users([user["_id"] for user in shown])
    for user in shown:
        told = factor_fields.told(known[user["_id"]])
        user.update((name, told[name]) for name in factor_fields.NAMES if name in asked)
    return shown


def _maker(organization: str, fields: str) -> Callable[[Sequence[Any]], dict[str, Any]]:
    names = wanted(fields) & NAMES
    fixed = {**FIXED, "organization": organization}

    def whole(row: Sequence[Any]) -> dict[str, Any]:
        made = dict(zip(ORDER, row, strict=True))
        made["id"] = made["_id"]
        for name in LISTS:
            # Both engines give JSON as text here, past the ORM's converters.
            made[name] = json.loads(made[name]) if made[name] != "[]" else []
        made["suspended"] = made["state"] == "SUSPENDED"
        made["created"] = moment(made["created"])
        for name in MOMENTS:
            made[name] = moment(made[name]) if made[name] is not None else None
        made["recoveryEmail"] = {"address": made["recoveryEmail"]} if made["recoveryEmail"] else {}
        for name in OMITTED_WHEN_NONE:
            if made[name] is None:
                del made[name]
        made.update(fixed)
        return made

    def part(row: Sequence[Any]) -> dict[str, Any]:
        return _only({*names, "_id"}, whole(row))

    return part if names else whole


def _rows(selected: QuerySet[User]) -> list[Sequence[Any]]:
    """The rows as the database gives them: most lists are empty and need no decoding."""
    query = selected.values_list(*COLUMNS.values()).query
    try:
        statement, parameters = query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _columns_of(user: User) -> Iterator[tuple[str, Any]]:
    account = Account.objects.get_queryset().filter(user=user).first()
    return (
        (name, getattr(account, column.removeprefix(OF_ACCOUNT), None))
        if column.startswith(OF_ACCOUNT)
        else (name, getattr(user, column))
        for name, column in COLUMNS.items()
    )


def _only(names: Iterable[str], made: Mapping[str, Any]) -> dict[str, Any]:
    keep = set(names)
    return {name: value for name, value in made.items() if name in keep}
