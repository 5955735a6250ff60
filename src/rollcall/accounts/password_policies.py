"""Which password settings hold for whom, and the only writer of them.

One is the default. Others are bound to user groups and stand in an order that an administrator
chooses; of several that a user's groups have, the first holds (JumpCloud: Password Policies).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q

from rollcall.accounts.models import PasswordPolicy
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Target
from rollcall.directory.models import UserGroup


def default() -> PasswordPolicy:
    """What holds for everybody for whom nothing else does; the standard until it is written."""
    return PasswordPolicy.objects.filter(position=None).first() or PasswordPolicy()


def of(user_id: str | None) -> PasswordPolicy:
    """What holds for this user; the default for nobody's, and for an administrator who is none.

    One statement, whoever it is.
    """
    theirs = Q(position=None) | Q(groups__membership__user=user_id or "")
    found = PasswordPolicy.objects.filter(theirs).order_by(F("position").asc(nulls_last=True))
    return found.first() or PasswordPolicy()


def of_many(user_ids: Collection[str]) -> Mapping[str, PasswordPolicy]:
    """What holds for each of these users; two statements, however many they are."""
    everybodys = default()
    rows = PasswordPolicy.objects.filter(groups__membership__user__in=user_ids)
    theirs = rows.annotate(of_user=F("groups__membership__user")).order_by("-position")
    # The last one written wins, and that is the first in the order.
    bound = {str(policy.of_user): policy for policy in theirs}
    return {user_id: bound.get(user_id, everybodys) for user_id in user_ids}


def ordered() -> list[PasswordPolicy]:
    """Those that are bound to groups, the first to be asked first."""
    bound = PasswordPolicy.objects.exclude(position=None).prefetch_related("groups")
    return list(bound.order_by("position", "pk"))


@transaction.atomic
def save(
    actor: Actor, policy: PasswordPolicy, values: Mapping[str, Any], groups: Iterable[UserGroup]
) -> PasswordPolicy:
    """Give the policy these values and groups; a new one comes last, the default has no groups."""
    is_new = policy.pk is None
    before = {} if is_new else _shown(policy)
    for name, value in values.items():
        setattr(policy, name, value)
    if is_new and not policy.is_default:
        policy.position = _last() + 1
    policy.save()
    if not policy.is_default:
        policy.groups.set(groups)
    after = _shown(policy)
    if before != after:
        action = Action.PASSWORD_POLICY_CREATE if is_new else Action.PASSWORD_POLICY_UPDATE
        recording.record(actor, action, _target(policy), before=before, after=after)
    return policy


@transaction.atomic
def delete(actor: Actor, policy: PasswordPolicy) -> None:
    """Remove one that is bound to groups; the default stays."""
    if policy.is_default:
        return
    recording.record(actor, Action.PASSWORD_POLICY_DELETE, _target(policy), before=_shown(policy))
    policy.delete()


@transaction.atomic
def raise_(actor: Actor, policy: PasswordPolicy) -> None:
    """Let the policy be asked before the one that stands before it; the first stays the first."""
    # Held together, so that two administrators who order at once lose no place.
    held = list(PasswordPolicy.objects.exclude(position=None).select_for_update())
    held.sort(key=lambda each: (each.position, each.pk))
    places = [each.pk for each in held]
    place = places.index(policy.pk) if policy.pk in places else 0
    if place == 0:
        return
    places[place - 1], places[place] = places[place], places[place - 1]
    before = {each.pk: each.position for each in held}
    for position, pk in enumerate(places, 1):
        PasswordPolicy.objects.filter(pk=pk).update(position=position)
    recording.record(
        actor,
        Action.PASSWORD_POLICY_UPDATE,
        _target(policy),
        before={"position": before[policy.pk]},
        after={"position": place},
    )


def _last() -> int:
    return PasswordPolicy.objects.aggregate(last=Max("position"))["last"] or 0


def _target(policy: PasswordPolicy) -> Target:
    return Target("password_policy", str(policy.pk), policy.name)


def _shown(policy: PasswordPolicy) -> dict[str, Any]:
    columns = [field.name for field in PasswordPolicy._meta.concrete_fields if field.name != "id"]
    groups = [] if policy.is_default else sorted(group.name for group in policy.groups.all())
    return {**{name: getattr(policy, name) for name in columns}, "groups": groups}
