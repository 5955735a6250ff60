"""Makes and changes users, many at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.db import transaction
from django.utils import timezone

from rollcall.audit.actor import Actor
from rollcall.core.refusal import Refusal
from rollcall.database.bulk_insert import insert
from rollcall.directory.hierarchy import let_nobody_else_link
from rollcall.directory.models import ChangeKind, ExternalIdentity, ObjectType, User, new_id
from rollcall.directory.rules import Refusals, check_users, normalized
from rollcall.directory.services import statements
from rollcall.directory.services.attempts import write_what_can_be
from rollcall.directory.services.events import record_created, record_updated
from rollcall.directory.services.notes import Note, note
from rollcall.directory.services.results import GONE, NewUser, Refused, UserChange, UserResult
from rollcall.directory.services.revisions import Revision, fill, revise
from rollcall.directory.uniqueness import Draft

UNEXPLAINED: Final = (Refusal("", "refused"),)
IDENTITY_COLUMNS: Final = ("user_id", "source", "external_id")
TAKEN_OVER: Final = "ON CONFLICT (source, user_id) DO UPDATE SET external_id = EXCLUDED.external_id"


@transaction.atomic(savepoint=False)
def create_users(actor: Actor, source: str, new: Sequence[NewUser]) -> list[UserResult]:
    """Make these users; in their order, each one or why it was refused.

    `source` is who the values come from, for their provenance: `HAND`, `API`, or the key of the
    source of an import. Costs the same few statements for one user and for a thousand.
    """
    now = timezone.now()
    # With their ids from the start, so that drafts of one call can be told apart.
    drafts = [Draft(normalized(user.values), identity=user.identity, id=new_id()) for user in new]
    if any(draft.values.get("manager") for draft in drafts):
        let_nobody_else_link()
    creation_sources = {
        draft.id: user.creation_source for draft, user in zip(drafts, new, strict=True)
    }

    def made(draft: Draft) -> Revision:
        creation_source = creation_sources[draft.id]
        return fill(
            draft.id, draft.values, draft.identity, source, now, creation_source=creation_source
        )

    def write(revisions: Sequence[Revision]) -> None:
        statements.insert([revision.user for revision in revisions])
        _write_identities(revisions)
        record_created(actor, revisions)
        note(ObjectType.USER, ChangeKind.CREATED, _notes(revisions), now)

    return _carry_out(drafts, made, write)


@transaction.atomic(savepoint=False)
def hold_users(ids: Collection[str]) -> dict[str, User]:
    """These users by their ids, as nobody else can change them before this transaction ends."""
    return {user.id: user for user in User.objects.select_for_update().filter(pk__in=ids)}


def update_users(
    actor: Actor,
    source: str,
    changes: Sequence[UserChange],
    held: Mapping[str, User] | None = None,
) -> list[UserResult]:
    """Change these users; in their order, each user as it is now or why it was refused.

    What a user has already is no change: it leaves provenance, events and the feed alone. A user
    may be named once. `held` are the users where the caller's transaction holds them already.
    """
    now = timezone.now()
    if any("manager" in change.values for change in changes):
        let_nobody_else_link()
    users = hold_users([change.id for change in changes]) if held is None else held
    drafts = [
        Draft(normalized(change.values), users.get(change.id), change.identity)
        for change in changes
    ]

    there = [draft for draft in drafts if draft.user is not None]
    carried = _identities(there)

    def made(draft: Draft) -> Revision:
        user, identity = draft.user, draft.identity
        assert user is not None  # noqa: S101 - of `there`
        before = carried.get((user.id, identity.source), "") if identity else ""
        return revise(user, draft.values, identity, source, now, carried=before)

    def write(revisions: Sequence[Revision]) -> None:
        changed = [revision for revision in revisions if revision.after]
        if changed:
            statements.overwrite([revision.user for revision in changed])
            _write_identities(changed)
            record_updated(actor, changed)
            note(ObjectType.USER, ChangeKind.UPDATED, _notes(changed), now)

    results = iter(_carry_out(there, made, write))
    return [GONE if draft.user is None else next(results) for draft in drafts]


def _carry_out(
    drafts: Sequence[Draft],
    made: Callable[[Draft], Revision],
    write: Callable[[Sequence[Revision]], None],
) -> list[UserResult]:
    """Check the drafts and write those that hold; what was taken in between is told as taken."""
    refused = _refused(drafts)
    valid = {draft.key: draft for draft in drafts if draft.key not in refused}
    revisions = [made(draft) for draft in valid.values()]
    _, failed = write_what_can_be(revisions, write)
    if failed:
        lost = [valid[revision.user.id] for revision in failed]
        refused.update(_why_lost(lost))
    users = {revision.user.id: revision.user for revision in revisions}
    return [
        Refused(refused[draft.key]) if draft.key in refused else users[draft.key]
        for draft in drafts
    ]


def _refused(drafts: Sequence[Draft]) -> dict[str, Refusals]:
    verdicts = zip(drafts, check_users(drafts), strict=True)
    return {draft.key: refusals for draft, refusals in verdicts if refusals}


def _why_lost(drafts: Sequence[Draft]) -> dict[str, Refusals]:
    """Why the database refused these: asked of it anew, since somebody else was faster."""
    users = User.objects.in_bulk([draft.key for draft in drafts])
    fresh = [replace(draft, user=users.get(draft.key)) for draft in drafts]
    return {draft.key: UNEXPLAINED for draft in drafts} | _refused(fresh)


def _identities(drafts: Iterable[Draft]) -> dict[tuple[str, str], str]:
    """The external ids that users carry at the sources of which the drafts give them one."""
    given = [draft for draft in drafts if draft.identity is not None]
    if not given:
        return {}
    rows = ExternalIdentity.objects.filter(user__in=[draft.key for draft in given])
    return {(user, source): id_ for user, source, id_ in rows.values_list(*IDENTITY_COLUMNS)}


def _write_identities(revisions: Iterable[Revision]) -> None:
    rows = (
        (revision.user.id, revision.identity.source, revision.identity.external_id)
        for revision in revisions
        if revision.identity is not None
    )
    # A user has one id at a source: another one takes its place.
    insert(ExternalIdentity, IDENTITY_COLUMNS, rows, TAKEN_OVER)


def _notes(revisions: Iterable[Revision]) -> Iterator[Note]:
    """What the feed keeps: of a new user that it is there, of another one which fields changed."""
    return (
        Note(revision.user.id, fields=tuple(revision.after) if revision.before else ())
        for revision in revisions
    )
