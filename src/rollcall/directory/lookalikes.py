"""Whom a new address or name can be taken for: twins of other letters, told and never refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Func, IntegerField, Q, QuerySet
from django.db.models.functions import Length

from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Entry, Target
from rollcall.core.lookalikes import are_twins, lookalike
from rollcall.database.bulk_insert import in_parts
from rollcall.directory.models import User, UserGroup

MOST: Final = 10_000
"""How many texts that are not of ASCII alone are looked through at the most."""

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Twin:
    """Another user or group of a text that looks the same."""

    id: str
    text: str


class Octets(Func):
    """How many bytes a text has, which are more than its characters where not all are of ASCII."""

    function = "OCTET_LENGTH"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """The same in SQLite's words."""
        template = "LENGTH(CAST(%(expressions)s AS BLOB))"
        return self.as_sql(compiler, connection, template=template, **more)


def report_emails(actor: Actor, users: Sequence[User]) -> dict[str, Twin]:
    """By the ids of these users, another user whose e-mail looks like theirs; each is an event."""
    emails = {user.pk: user.email for user in users if user.email}
    twins = _twins(emails, User.objects.all(), "email", "email")
    _record(actor, Action.USER_LOOKALIKE, twins, {user.pk: _of_user(user) for user in users})
    return twins


def report_group_names(actor: Actor, groups: Sequence[UserGroup]) -> dict[str, Twin]:
    """By the ids of these groups, another group whose name looks like theirs; each is an event."""
    names = {group.pk: group.name for group in groups}
    twins = _twins(names, UserGroup.objects.all(), "name", "name_key")
    _record(actor, Action.GROUP_LOOKALIKE, twins, {group.pk: _of_group(group) for group in groups})
    return twins


def _twins(texts: Mapping[str, str], rows: QuerySet[Any], column: str, key: str) -> dict[str, Twin]:
    """By the ids of these texts, the first other row that looks like each of them."""
    if not texts:
        return {}
    others: dict[str, list[Twin]] = {}
    for id_, text in _candidates(texts.values(), rows, column, key):
        others.setdefault(lookalike(text), []).append(Twin(id_, text))
    found: dict[str, Twin] = {}
    for id_, text in texts.items():
        alike = (twin for twin in others.get(lookalike(text), ()) if are_twins(text, twin.text))
        if twin := next(alike, None):
            found[id_] = twin
    return found


def _candidates(
    texts: Iterable[str], rows: QuerySet[Any], column: str, key: str
) -> Iterable[tuple[str, str]]:
    """Whoever may look like one of them: who is written as they look, and who is not of ASCII."""
    rows = rows.order_by(column)
    looks = sorted({lookalike(text) for text in texts})
    for some in in_parts(looks, AT_ONCE):
        yield from rows.filter(Q((f"{key}__in", some))).values_list("pk", column)
    foreign = rows.annotate(octets=Octets(column)).filter(octets__gt=Length(column))
    yield from foreign.values_list("pk", column)[:MOST]


def _record(
    actor: Actor, action: Action, twins: Mapping[str, Twin], targets: Mapping[str, Target]
) -> None:
    # By its id: a person whose address stood here would be told of in somebody else's event.
    entries = [Entry(targets[id_], after={"looks like": twin.id}) for id_, twin in twins.items()]
    if entries:
        recording.record_many(actor, action, entries)


def _of_user(user: User) -> Target:
    return Target("user", user.pk, user.username)


def _of_group(group: UserGroup) -> Target:
    return Target("user_group", group.pk, group.name)
