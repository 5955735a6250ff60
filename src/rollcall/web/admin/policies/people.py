"""Users in the form of a policy: by username or e-mail, one on each line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import Q

from rollcall.accounts.models import Account
from rollcall.core.emails import normalize
from rollcall.directory.models import User
from rollcall.web.admin.users.names import full_name

MOST: Final = 500
"""Lines of one field; more people are a group."""


class Unknown(ValueError):
    """Some lines name no user."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


def written(ids: Iterable[str]) -> str:
    """These users as lines; one who is gone stays as an id."""
    wanted = list(ids)
    known = dict(User.objects.filter(pk__in=wanted).values_list("pk", "username"))
    return "\n".join(sorted(known.get(id_) or id_ for id_ in wanted))


def ids(text: str, kept: Iterable[str] = ()) -> list[str]:
    """The ids of the users on these lines; of `kept`, ids pass that nobody has any more.

    Raises:
        Unknown: with the lines that name nobody, or two users.
    """
    lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    emails = [normalize(line) for line in lines]
    folded = [line.lower() for line in lines]
    rows = User.objects.filter(
        Q(username__in=[*lines, *folded]) | Q(email__in=emails) | Q(pk__in=lines)
    ).values_list("pk", "username", "email")
    named: dict[str, set[str]] = {}
    for pk, username, email in rows:
        for word in (pk, username.lower(), email):
            named.setdefault(word, set()).add(pk)
    gone = set(kept)
    found: dict[str, None] = {}
    unknown = []
    for line in lines:
        hits = named.get(line) or named.get(line.lower()) or named.get(normalize(line)) or set()
        if len(hits) == 1:
            found[next(iter(hits))] = None
        elif line in gone:
            found[line] = None
        else:
            unknown.append(line)
    if unknown:
        raise Unknown(unknown)
    return list(found)


def called(persons: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Names of those whom a foresight speaks of (`Facts.person`), with the user's id or ""."""
    wanted = list(persons)
    accounts = {each.partition(":")[2]: each for each in wanted if each.startswith("account:")}
    users = User.objects.filter(pk__in=[each for each in wanted if not each.startswith("account:")])
    names = {user.pk: (f"{full_name(user)} ({user.username})", user.pk) for user in users}
    keys = [int(key) for key in accounts if key.isdecimal()]
    for account in Account.objects.get_queryset().filter(pk__in=keys):
        names[accounts[str(account.pk)]] = (account.email, "")
    return names
