"""What a client is told about somebody: pure, from the user and from what was asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from rollcall.directory.models import User

OF_SCOPE: Final[Mapping[str, tuple[str, ...]]] = {
    "profile": (
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "preferred_username",
        "updated_at",
    ),
    "email": ("email", "email_verified"),
    "groups": ("groups",),
}
"""The claims of each scope (OpenID Connect Core, 5.4); `groups` is the field's custom."""

KNOWN: Final = ("sub", *(claim for claims in OF_SCOPE.values() for claim in claims))


def wanted(scopes: Collection[str], asked: Mapping[str, Any], where: str) -> frozenset[str]:
    """The names of the claims to tell: those of the scopes, and those asked for one by one.

    `asked` is the parameter `claims` (Core, 5.5); `where` is `userinfo` or `id_token`.
    """
    of_scopes = {claim for scope in scopes for claim in OF_SCOPE.get(scope, ())}
    singly = asked.get(where)
    named = set(singly) & set(KNOWN) if isinstance(singly, Mapping) else set()
    return frozenset(of_scopes | named)


def of_user(user: User, names: Collection[str], groups: list[str]) -> dict[str, Any]:
    """The claims of these names; what the directory does not know of the user is left out.

    `groups` is always a list: a client that is given one group as a bare text loses the roles.
    """
    full_name = user.displayname or f"{user.firstname} {user.lastname}".strip() or user.username
    known: dict[str, Any] = {
        "name": full_name,
        "given_name": user.firstname,
        "family_name": user.lastname,
        "middle_name": user.middlename,
        "preferred_username": user.username,
        "updated_at": int(user.updated.timestamp()),
        "email": user.email,
        # The organization gives out these addresses; nobody enters their own.
        "email_verified": True,
        "groups": groups,
    }
    told = {name: known[name] for name in known if name in names and known[name] != ""}
    return {"sub": user.id, **told}
