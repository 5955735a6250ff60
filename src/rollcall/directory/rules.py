"""What a valid user or group is, for every door: the pure rules, and what the directory must say.

Each question is asked of many objects at a time, in a fixed number of statements.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rollcall.core import labels, user_fields, usernames
from rollcall.core.refusal import Refusal
from rollcall.core.text import fold
from rollcall.directory.hierarchy import manager_refusals
from rollcall.directory.models import Membership, User, UserGroup
from rollcall.directory.uniqueness import Draft, taken
from rollcall.provisioning.user import State

Refusals = tuple[Refusal, ...]


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
    verdicts: list[list[Refusal]] = [list(_by_itself(draft)) for draft in drafts]
    managers = {draft.key: draft.values["manager"] for draft in drafts if "manager" in draft.values}
    # All at once: two drafts that are right by themselves may close a circle together.
    refused = manager_refusals(managers)
    bound = _who_reaches_an_application(drafts)
    for draft, refusals in zip(drafts, verdicts, strict=True):
        if draft.key in refused:
            refusals.append(refused[draft.key])
        if draft.user is not None and draft.key in bound:
            refusals.append(Refusal("username", "in_use", params={"before": draft.user.username}))
    # Who is refused anyway takes no value from those who come after.
    wrong = {place for place, refusals in enumerate(verdicts) if refusals}
    for place, refusals in taken(drafts, wrong).items():
        verdicts[place].extend(refusals)
    return [tuple(refusals) for refusals in verdicts]


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


def next_free_username(
    username: str, besides: Collection[str] = (), limit: int = usernames.LIMIT
) -> str:
    """The username with the lowest number from 2 on that nobody has, kept to the limit.

    `besides` are names that are about to be taken; `limit` is in characters.
    """
    # So short that every candidate begins with it, to numbers of six digits.
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
    verdicts: list[Refusals] = []
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
        # Taken from now on for the drafts that follow.
        elif key and not refusals:
            holders[key] = draft.id or f"new {place}"
        verdicts.append(tuple(refusals))
    return verdicts
