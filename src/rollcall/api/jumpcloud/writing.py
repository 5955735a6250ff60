"""Users created, changed and deleted on behalf of a caller, batch first, with the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from django.db import IntegrityError, transaction
from django.utils import timezone

from rollcall.api.jumpcloud.checking import check, state, values
from rollcall.api.jumpcloud.errors import ALREADY_EXISTS, Problem, not_found
from rollcall.api.jumpcloud.request_schemas import UserFields
from rollcall.api.jumpcloud.uniqueness import Known, known_for
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Entry, Target, record_many
from rollcall.directory.models import User, new_id

SOURCE: Final = "api"
Written: TypeAlias = "User | Problem"


@transaction.atomic
def create(
    batch: Sequence[UserFields], default_state: str, creation_source: str, actor: Actor
) -> list[Written]:
    """Make these users; in the batch's order, each one or why it was refused."""
    known = known_for(batch)

    def made(given: UserFields) -> User:
        check(given, None, known)
        user = User(
            id=new_id(),
            **values(given),
            state=state(given, default_state),
            creationSource=creation_source,
        )
        user.activated = bool(given.password or given.activated)
        user.provenance = _provenance(values(given))
        known.take(user)
        return user

    results = [_attempt(made, given) for given in batch]
    results = _save_new(results)
    entries = [
        _entry(user, {}, _told(user, values(given)))
        for given, user in zip(batch, results, strict=True)
        if isinstance(user, User)
    ]
    record_many(actor, Action.USER_CREATE, entries)
    return results


@transaction.atomic
def update(changes: Sequence[tuple[str, UserFields]], actor: Actor) -> list[Written]:
    """Change the users with these ids; in the given order, each one or why it was refused."""
    ids = [user_id for user_id, _ in changes]
    users = User.objects.select_for_update().in_bulk(ids)
    renamed = [user_id for user_id, given in changes if given.username]
    known = known_for([given for _, given in changes], renamed)
    entries: list[Entry] = []
    touched: set[str] = set()

    def changed(change: tuple[str, UserFields]) -> User:
        user = users.get(change[0])
        if user is None:
            raise Problem(404, "Not Found")
        before, after = _apply(user, change[1], known)
        touched.update(after)
        if after:
            entries.append(_entry(user, before, after))
        return user

    results = [_attempt(changed, change) for change in changes]
    if not touched:
        return results
    changed_ids = dict.fromkeys(entry.target.id for entry in entries)
    refused = _save_changed([users[user_id] for user_id in changed_ids], touched)
    kept = [entry for entry in entries if entry.target.id not in refused]
    record_many(actor, Action.USER_UPDATE, kept)
    return [refused.get(one.id, one) if isinstance(one, User) else one for one in results]


@transaction.atomic
def delete(user: User, cascade_manager: str | None, actor: Actor) -> None:
    """Delete a user; its reports get the manager `cascade_manager`, or none.

    Raises:
        Problem: 400 where `cascade_manager` is no other user's id; 404 where somebody else has just
            deleted the user.
    """
    if User.objects.select_for_update().filter(pk=user.pk).first() is None:
        raise not_found()
    successor = None if cascade_manager in {None, "", "null"} else cascade_manager
    if successor is not None:
        if successor == user.id or not User.objects.filter(pk=successor).exists():
            raise Problem(400, "cascade_manager is not the id of another user")
        orphan = User.objects.filter(manager=user)
        orphan.filter(pk=successor).update(manager=None)
        orphan.exclude(pk=successor).update(manager=successor)
    gone = _entry(user, {"username": user.username, "email": user.email}, {})
    record_many(actor, Action.USER_DELETE, [gone])
    User.objects.filter(pk=user.pk).delete()


@transaction.atomic
def set_fields(user: User, action: Action, actor: Actor, **fields: Any) -> None:
    """Set single columns of a user (unlock, expire, activate), with an audit entry."""
    before = {name: getattr(user, name) for name in fields}
    for name, value in fields.items():
        setattr(user, name, value)
    user.save(update_fields=[*fields, "updated"])
    record_many(actor, action, [_entry(user, before, fields)])


def _apply(
    user: User, given: UserFields, known: Known
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Put the fields on the user in memory; returns what changed, before and after."""
    check(given, user, known)
    wanted = {**values(given), "state": state(given, user.state)}
    before = {
        name: getattr(user, name) for name, value in wanted.items() if getattr(user, name) != value
    }
    after = {name: wanted[name] for name in before}
    known.release(user)
    for name, value in after.items():
        setattr(user, name, value)
    known.take(user)
    if after:
        user.provenance = {**user.provenance, **_provenance(after)}
    return before, after


def _attempt(step: Callable[[Any], User], given: Any) -> Written:
    try:
        return step(given)
    except Problem as problem:
        return problem


def _save_new(results: Sequence[Written]) -> list[Written]:
    try:
        with transaction.atomic():
            User.objects.bulk_create([one for one in results if isinstance(one, User)])
        return list(results)
    except IntegrityError:  # somebody else took a value in between: each on its own
        return [_saved_alone(one) if isinstance(one, User) else one for one in results]


def _saved_alone(user: User) -> Written:
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        return Problem(409, ALREADY_EXISTS)
    return user


def _save_changed(users: Sequence[User], touched: set[str]) -> dict[str, Problem]:
    """Save these columns of the users; returns who was refused, by id."""
    now = timezone.now()
    for user in users:
        user.updated = now
    names = sorted({name.removesuffix("_id") for name in touched} | {"provenance", "updated"})
    try:
        with transaction.atomic():
            User.objects.bulk_update(users, names)
        return {}
    except IntegrityError:  # somebody else took a value in between: each on its own
        alone = {user.id: _changed_alone(user, names) for user in users}
        return {user_id: problem for user_id, problem in alone.items() if problem}


def _changed_alone(user: User, names: Sequence[str]) -> Problem | None:
    try:
        with transaction.atomic():
            user.save(update_fields=names)
    except IntegrityError:
        return Problem(409, ALREADY_EXISTS)
    return None


def _provenance(written: Mapping[str, Any]) -> dict[str, list[str]]:
    now = timezone.now().isoformat()
    return {name.removesuffix("_id"): [SOURCE, now] for name in written}


def _told(user: User, written: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: value for name, value in written.items() if value}, "state": user.state}


def _entry(user: User, before: Mapping[str, Any], after: Mapping[str, Any]) -> Entry:
    return Entry(Target("user", user.id, user.username), _named(before), _named(after))


def _named(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removesuffix("_id"): value for name, value in fields.items()}
