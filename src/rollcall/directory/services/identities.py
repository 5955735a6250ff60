"""Takes the external identities off users: no source knows them by an id any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Entry, record_many
from rollcall.core.refusal import Refusal
from rollcall.directory.models import ChangeKind, ExternalIdentity, ObjectType, User
from rollcall.directory.services.events import user_target
from rollcall.directory.services.notes import Note, note
from rollcall.directory.services.results import GONE, Refused, UserResult
from rollcall.directory.services.revisions import IDENTITY
from rollcall.directory.services.users import hold_users

NOT_LINKED = Refused((Refusal("external_id", "not_linked"),))
"""What a user is answered with whom no source knows, or not the one that is named."""


@transaction.atomic(savepoint=False)
def unlink_users(actor: Actor, ids: Sequence[str], source: str = "") -> list[UserResult]:
    """Let these users be nobody at the source (""; at any); in their order, each or why not.

    The next import meets them as it meets anybody whom no import has made. Values, groups and
    applications stay. Costs the same few statements for one user and for a thousand.
    """
    users = hold_users(ids)
    identities = ExternalIdentity.objects.filter(user__in=users)
    if source:
        identities = identities.filter(source=source)
    carried: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for user_id, key, external_id in identities.values_list("user", "source", "external_id"):
        carried[user_id][key] = external_id
    identities.delete()
    now = timezone.now()
    unlinked = [users[id_] for id_ in ids if id_ in carried]
    User.objects.filter(pk__in=carried).update(updated=now)
    entries = [
        Entry(user_target(user), {IDENTITY: _words(carried[user.pk])}, {IDENTITY: ""})
        for user in unlinked
    ]
    record_many(actor, Action.USER_UNLINK, entries)
    notes = (Note(user.pk, fields=(IDENTITY,)) for user in unlinked)
    note(ObjectType.USER, ChangeKind.UPDATED, notes, now)
    return [users[id_] if id_ in carried else NOT_LINKED if id_ in users else GONE for id_ in ids]


def _words(carried: dict[str, str]) -> str:
    return ", ".join(f"{external_id} ({source})" for source, external_id in sorted(carried.items()))
