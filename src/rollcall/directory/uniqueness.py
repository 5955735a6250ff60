"""What is a user's alone: who has an e-mail, a username, an identifier or an identity already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final, TypeAlias

from django.db import connection

from rollcall.core import usernames
from rollcall.core.invisible import first_in
from rollcall.core.refusal import Refusal
from rollcall.directory.models import ExternalIdentity, User

UNIQUE: Final = ("username", "email", "employeeIdentifier")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a user is at a source: `source` is the key of the connected account."""

    source: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a user is to be: values by the directory's field names, in their stored form.

    `user` is who gets them; None stands for a new one, which is to have the key `id`.
    """

    values: Mapping[str, Any]
    user: User | None = None
    identity: Identity | None = None
    id: str = ""

    @property
    def key(self) -> str:
        """The id of the user, new or not."""
        return self.user.id if self.user else self.id

    def gets(self, name: str) -> bool:
        """Whether the draft gives this field a value that the user does not have."""
        return name in self.values and (
            self.user is None or getattr(self.user, name) != self.values[name]
        )


@dataclass
class _Holders:
    """Who has which unique value, by field; kept true while a batch is gone through."""

    ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, key: tuple[str, str], user_id: str) -> None:
        self.ids[key] = user_id

    def leave(self, key: tuple[str, str], user_id: str) -> None:
        if self.ids.get(key) == user_id:
            del self.ids[key]


def taken(drafts: Sequence[Draft], already_refused: Collection[int]) -> dict[int, list[Refusal]]:
    """What is another's of what each draft wants, by the draft's place; drafts count in order.

    Those already refused want nothing. A user who gives a value up leaves it to the ones after.
    """
    claims = [dict(_claims(draft)) for draft in drafts]
    holders = _holders({key for claim in claims for key in claim})
    refusals: defaultdict[int, list[Refusal]] = defaultdict(list)
    for place, (draft, claim) in enumerate(zip(drafts, claims, strict=True)):
        for key, value in claim.items():
            holder = holders.ids.get(key)
            if holder is not None and holder != draft.key:
                refusals[place].append(Refusal(key[0], "taken", value, {"with_whom": holder}))
        # Who is refused neither takes a value nor gives one up.
        if place not in refusals and place not in already_refused:
            for key in claim:
                if draft.user is not None and key[0] in UNIQUE:
                    before = str(getattr(draft.user, key[0]) or "")
                    holders.leave((key[0], _compared(key[0], before)), draft.key)
                holders.take(key, draft.key)
    return refusals


def _claims(draft: Draft) -> Iterable[tuple[tuple[str, str], str]]:
    """What the draft wants for itself alone: how it is compared, and how it is written."""
    if draft.identity is not None:
        text = draft.identity.external_id
        # Joined by a character that neither part can hold.
        yield ("external_id", f"{draft.identity.source}\0{text}"), text
    for name in UNIQUE:
        value = draft.values.get(name)
        # what cannot be seen is refused already, and PostgreSQL takes U+0000 in no question either
        if value and isinstance(value, str) and draft.gets(name) and not first_in(value):
            yield (name, _compared(name, value)), value


def _compared(name: str, value: str) -> str:
    return usernames.compared(value) if name == "username" else value


def _holders(keys: Iterable[tuple[str, str]]) -> _Holders:
    """Who has any of these values now, in one statement.

    The ORM's filter of some thousand values takes longer than the database.
    """
    by_field: defaultdict[str, list[str]] = defaultdict(list)
    for name, text in keys:
        by_field[name].append(text)
    holders = _Holders()
    questions = [*_of_identities(by_field.pop("external_id", [])), *_of_values(by_field)]
    if not questions:
        return holders
    statement = " UNION ALL ".join(sql for sql, _ in questions)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*chain.from_iterable(values for _, values in questions)])
        for user_id, source, external_id, *values in cursor.fetchall():
            if external_id:
                holders.take(("external_id", f"{source}\0{external_id}"), user_id)
            for name, value in zip(UNIQUE, values, strict=True):
                if value:
                    holders.take((name, _compared(name, value)), user_id)
    return holders


Question: TypeAlias = "tuple[str, list[str]]"
"""A SELECT of a user's id, a source, an id there and the `UNIQUE` columns, with its parameters."""


def _of_values(by_field: Mapping[str, Sequence[str]]) -> Iterator[Question]:
    if not by_field:
        return
    quoted = {name: connection.ops.quote_name(name) for name in UNIQUE}
    # As the index is written, which would not be used for anything else.
    compared = {**quoted, "username": f"LOWER({quoted['username']})"}
    asked = [f"{compared[name]} IN ({_places(texts)})" for name, texts in by_field.items()]
    statement = (
        f"SELECT id, NULL, NULL, {', '.join(quoted.values())} FROM {User._meta.db_table} "  # noqa: S608 - the model's own names
        f"WHERE {' OR '.join(asked)}"
    )
    yield statement, [*chain.from_iterable(by_field.values())]


def _of_identities(identities: Iterable[str]) -> Iterator[Question]:
    by_source: defaultdict[str, list[str]] = defaultdict(list)
    for text in identities:
        source, _, external_id = text.partition("\0")
        by_source[source].append(external_id)
    for source, external_ids in by_source.items():
        statement = (
            f"SELECT user_id, source, external_id, NULL, NULL, NULL "  # noqa: S608 - the model's own name
            f"FROM {ExternalIdentity._meta.db_table} "
            f"WHERE source = %s AND external_id IN ({_places(external_ids)})"
        )
        yield statement, [source, *external_ids]


def _places(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values))
