"""Makes, renames and deletes user groups, many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Entry, record_many
from rollcall.core.labels import normalize
from rollcall.core.refusal import Refusal
from rollcall.directory.models import ChangeKind, Membership, ObjectType, UserGroup, new_id
from rollcall.directory.rules import GroupDraft, Refusals, check_groups
from rollcall.directory.services.attempts import write_what_can_be
from rollcall.directory.services.events import group_target
from rollcall.directory.services.notes import Note, note
from rollcall.directory.services.results import (
    GONE,
    GroupChange,
    GroupResult,
    NewGroup,
    Refused,
)


@transaction.atomic(savepoint=False)
def create_groups(actor: Actor, new: Sequence[NewGroup]) -> list[GroupResult]:
    """Make these user groups; in their order, each one or why it was refused."""
    now = timezone.now()
    drafts = [
        GroupDraft({"name": normalize(group.name), "description": normalize(group.description)})
        for group in new
    ]
    groups = [UserGroup(id=new_id(), created=now, **draft.values) for draft in drafts]

    def write(some: Sequence[UserGroup]) -> None:
        UserGroup.objects.bulk_create(some)
        entries = [Entry(group_target(group), after=_shown(group)) for group in some]
        record_many(actor, Action.GROUP_CREATE, entries)
        note(ObjectType.USER_GROUP, ChangeKind.CREATED, (Note(group.id) for group in some), now)

    return _carry_out(drafts, groups, write)


@transaction.atomic(savepoint=False)
def update_groups(actor: Actor, changes: Sequence[GroupChange]) -> list[GroupResult]:
    """Rename or describe these user groups; in their order, each as it is now or why not.

    Costs the same for a group of five members and of five thousand.
    """
    now = timezone.now()
    ids = [change.id for change in changes]
    groups = {group.id: group for group in UserGroup.objects.select_for_update().filter(pk__in=ids)}
    there = [change for change in changes if change.id in groups]
    drafts = [
        GroupDraft({name: normalize(text) for name, text in change.values.items()}, change.id)
        for change in there
    ]
    before = {id_: _shown(group) for id_, group in groups.items()}
    for draft in drafts:
        for name, text in draft.values.items():
            setattr(groups[draft.id], name, text)

    def write(some: Sequence[UserGroup]) -> None:
        changed = [group for group in some if _shown(group) != before[group.id]]
        if not changed:
            return
        for group in changed:
            # Those that follow from others as well: Django writes none but those named.
            group.save(update_fields=["name", "name_key", "description", "search_text", "updated"])
        entries = [Entry(group_target(group), before[group.id], _shown(group)) for group in changed]
        record_many(actor, Action.GROUP_UPDATE, entries)
        notes = (Note(group.id, fields=_differing(before[group.id], group)) for group in changed)
        note(ObjectType.USER_GROUP, ChangeKind.UPDATED, notes, now)

    results = iter(_carry_out(drafts, [groups[draft.id] for draft in drafts], write))
    return [next(results) if change.id in groups else GONE for change in changes]


@transaction.atomic(savepoint=False)
def delete_groups(actor: Actor, ids: Sequence[str]) -> list[GroupResult]:
    """Delete these user groups, whose members stay; in their order, each as it was, or `GONE`."""
    now = timezone.now()
    groups = {group.id: group for group in UserGroup.objects.select_for_update().filter(pk__in=ids)}
    entries = [
        Entry(group_target(group), {"name": group.name, "members": _size(group)})
        for group in groups.values()
    ]
    record_many(actor, Action.GROUP_DELETE, entries)
    note(ObjectType.USER_GROUP, ChangeKind.DELETED, (Note(id_) for id_ in groups), now)
    UserGroup.objects.filter(pk__in=list(groups)).delete()
    return [groups.get(id_, GONE) for id_ in ids]


def _carry_out(
    drafts: Sequence[GroupDraft], groups: Sequence[UserGroup], write: Any
) -> list[GroupResult]:
    verdicts = check_groups(drafts)
    valid = [group for group, refusals in zip(groups, verdicts, strict=True) if not refusals]
    _, lost = write_what_can_be(valid, write)
    refused: dict[str, Refusals] = {
        group.id: refusals for group, refusals in zip(groups, verdicts, strict=True) if refusals
    }
    for group in lost:  # a name is all that two writers can want at once
        refused[group.id] = (Refusal("name", "taken", group.name),)
    return [Refused(refused[group.id]) if group.id in refused else group for group in groups]


def _shown(group: UserGroup) -> dict[str, str]:
    return {"name": group.name, "description": group.description}


def _differing(before: dict[str, str], group: UserGroup) -> tuple[str, ...]:
    return tuple(name for name, text in _shown(group).items() if text != before[name])


def _size(group: UserGroup) -> int:
    return Membership.objects.filter(group=group).count()
