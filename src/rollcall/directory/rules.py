"""What a valid user or group is, for every door: the pure rules, and what the directory must say.

Each question is asked of many objects at a time, in a fixed number of statements.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from rollcall.core import labels, user_fields, usernames
from rollcall.core.refusal import Refusal
from rollcall.core.text import fold
from rollcall.directory.hierarchy import manager_refusals
from rollcall.directory.models import ExternalIdentity, Membership, User, UserGroup
from rollcall.provisioning.user import State

Refusals = tuple[Refusal, ...]
UNIQUE = ("username", "email", "employeeIdentifier")


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


def normalized(values: Mapping[str, Any]) -> dict[str, Any]:
    """These values of a user in the one form in which each is stored."""
    return {name: user_fields.normalize(name, value) for name, value in values.items()}


def check_user(values: Mapping[str, Any], user: User | None = None) -> Refusals:
    """Everything that is wrong with these values for this user (None: for a new one)."""
    (refusals,) = check_users([Draft(normalized(values), user, id="new")])
    return refusals


def check_users(drafts: Sequence[Draft]) -> list[Refusals]:
    """What is wrong with each draft, in their order; drafts count with the ones before them.

    Three statements at the most: who has the unique values, the managers above, and who reaches an
    application; only those that the drafts give reason to ask.
    """
    found: list[list[Refusal]] = [list(_by_itself(draft)) for draft in drafts]
    managers = {draft.key: draft.values["manager"] for draft in drafts if "manager" in draft.values}
    refused = manager_refusals(managers)
    bound = _who_reaches_an_application(drafts)
    for draft, refusals in zip(drafts, found, strict=True):
        if draft.key in refused:
            refusals.append(refused[draft.key])
        if draft.user is not None and draft.key in bound:
            refusals.append(Refusal("username", "in_use", params={"before": draft.user.username}))
    for place, refusals in _taken(drafts, {n for n, one in enumerate(found) if one}).items():
        found[place].extend(refusals)
    return [tuple(refusals) for refusals in found]


def _by_itself(draft: Draft) -> Iterable[Refusal]:
    yield from user_fields.refusals(draft.values)
    if draft.user is None:
        missing = user_fields.REQUIRED - draft.values.keys()
        yield from (Refusal(name, "required") for name in sorted(missing))
    if "state" in draft.values:
        before = draft.user.state if draft.user else None
        if refusal := refuse_state(before, draft.values["state"]):
            yield refusal


def refuse_state(before: str | None, after: Any) -> Refusal | None:
    """Why a user in this state (None: a new one) cannot get that one; None where it can."""
    if after not in State.__members__:
        return Refusal("state", "unknown_state", str(after), {"known": ", ".join(State)})
    if after == State.STAGED and before not in (None, State.STAGED):
        return Refusal("state", "never_staged", str(after), {"before": str(before)})
    return None


def _who_reaches_an_application(drafts: Sequence[Draft]) -> set[str]:
    """Those whose username is to change although an application knows them by it."""
    renamed = [draft.key for draft in drafts if draft.user is not None and draft.gets("username")]
    if not renamed:
        return set()
    bound = Membership.objects.filter(user__in=renamed, group__association__isnull=False)
    return set(bound.values_list("user_id", flat=True))


@dataclass
class _Holders:
    """Who has which unique value, by field; kept true while a batch is gone through."""

    ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, key: tuple[str, str], user_id: str) -> None:
        self.ids[key] = user_id

    def leave(self, key: tuple[str, str], user_id: str) -> None:
        if self.ids.get(key) == user_id:
            del self.ids[key]


def _taken(drafts: Sequence[Draft], already_refused: Collection[int]) -> dict[int, list[Refusal]]:
    claims = [dict(_claims(draft)) for draft in drafts]
    holders = _holders({key for claim in claims for key in claim})
    found: defaultdict[int, list[Refusal]] = defaultdict(list)
    for place, (draft, claim) in enumerate(zip(drafts, claims, strict=True)):
        for key, value in claim.items():
            holder = holders.ids.get(key)
            if holder is not None and holder != draft.key:
                found[place].append(Refusal(key[0], "taken", value, {"with_whom": holder}))
        if place not in found and place not in already_refused:
            for key in claim:
                if draft.user is not None and key[0] in UNIQUE:
                    holders.leave((key[0], _compared(draft.user, key[0])), draft.key)
                holders.take(key, draft.key)
    return found


def _claims(draft: Draft) -> Iterable[tuple[tuple[str, str], str]]:
    """What the draft wants for itself alone: how it is compared, and how it is written."""
    if draft.identity is not None:
        text = draft.identity.external_id
        yield ("external_id", f"{draft.identity.source}\0{text}"), text
    for name in UNIQUE:
        value = draft.values.get(name)
        if value and draft.gets(name):
            compared = usernames.compared(value) if name == "username" else value
            yield (name, compared), value


def _compared(user: User, name: str) -> str:
    value = str(getattr(user, name) or "")
    return usernames.compared(value) if name == "username" else value


def _holders(keys: Iterable[tuple[str, str]]) -> _Holders:
    """Who has any of these values now; one statement, and one for identities."""
    by_field: defaultdict[str, list[str]] = defaultdict(list)
    for name, text in keys:
        by_field[name].append(text)
    identities = by_field.pop("external_id", [])
    holders = _Holders()
    asked = Q()
    for name, texts in by_field.items():
        asked |= Q(**{f"{name}__lower__in" if name == "username" else f"{name}__in": texts})
    if by_field:
        for user in User.objects.filter(asked).only("id", *UNIQUE):
            for name in UNIQUE:
                holders.take((name, _compared(user, name)), user.id)
    if identities:
        _take_identities(holders, identities)
    return holders


def _take_identities(holders: _Holders, identities: Iterable[str]) -> None:
    by_source: defaultdict[str, list[str]] = defaultdict(list)
    for text in identities:
        source, _, external_id = text.partition("\0")
        by_source[source].append(external_id)
    asked = Q()
    for source, ids in by_source.items():
        asked |= Q(source=source, external_id__in=ids)
    rows = ExternalIdentity.objects.filter(asked).values_list("source", "external_id", "user_id")
    for source, external_id, user_id in rows:
        holders.take(("external_id", f"{source}\0{external_id}"), user_id)


def next_free_username(username: str, besides: Collection[str] = ()) -> str:
    """The username with the lowest number from 2 on that nobody has, kept to the limit.

    `besides` are names that are about to be taken.
    """
    limit = usernames.LIMIT
    stem = usernames.compared(username[: limit - 6])
    taken = set(
        User.objects.filter(username__lower__startswith=stem).values_list(
            "username__lower", flat=True
        )
    )
    taken.update(map(usernames.compared, besides))
    numbers = itertools.count(2)
    candidates = (f"{username[: limit - len(str(n))]}{n}" for n in numbers)
    return next(name for name in candidates if usernames.compared(name) not in taken)


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """What a user group is to be; `id` is "" for a new one. `values` are in their stored form."""

    values: Mapping[str, str]
    id: str = ""


def check_groups(drafts: Sequence[GroupDraft]) -> list[Refusals]:
    """What is wrong with each draft, in their order: a name is taken in whatever case it stands."""
    keys = [fold(draft.values["name"]) if "name" in draft.values else "" for draft in drafts]
    held = UserGroup.objects.filter(name_key__in=[key for key in keys if key])
    holders = dict(held.values_list("name_key", "id"))
    found: list[Refusals] = []
    for place, (draft, key) in enumerate(zip(drafts, keys, strict=True)):
        refusals = [
            refusal
            for name, text in draft.values.items()
            if (refusal := labels.refuse(name, text, labels.GROUP_LIMITS))
        ]
        if not draft.id and "name" not in draft.values:
            refusals.append(Refusal("name", "required"))
        holder = holders.get(key) if key else None
        if holder is not None and holder != draft.id:
            params = {"with_whom": holder}
            refusals.append(Refusal("name", "taken", draft.values["name"], params))
        elif key and not refusals:
            holders[key] = draft.id or f"new {place}"
        found.append(tuple(refusals))
    return found
