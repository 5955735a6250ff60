"""Makes, changes and deletes applications, and binds them to user groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Entry, record, record_many
from rollcall.core.labels import APPLICATION_LIMITS, normalize, refuse
from rollcall.core.refusal import Refusal
from rollcall.directory.models import (
    Application,
    Association,
    ChangeKind,
    ObjectType,
    UserGroup,
    new_id,
)
from rollcall.directory.services.events import application_target
from rollcall.directory.services.notes import Note, note
from rollcall.directory.services.results import (
    GONE,
    ApplicationChange,
    ApplicationResult,
    Difference,
    NewApplication,
    Refused,
)

TEXTS: Final = frozenset(APPLICATION_LIMITS)
OTHERS: Final = frozenset({"logo", "active", "shown_in_portal", "config"})
HAS_IMPORTS: Final = Refused((Refusal("", "has_imports"),))
NEW_PICTURE: Final = "new picture"
"""What stands in an event for a picture, which may be a hundred kilobytes of text."""


@transaction.atomic(savepoint=False)
def create_applications(actor: Actor, new: Sequence[NewApplication]) -> list[ApplicationResult]:
    """Make these applications; in their order, each one or why it was refused."""
    now = timezone.now()
    drafts = [_normalized(application.values) for application in new]
    results = [_made(values) for values in drafts]
    made = [application for application in results if isinstance(application, Application)]
    for application in made:
        application.created = now
    Application.objects.bulk_create(made)
    entries = [
        Entry(application_target(application), after=_shown(application)) for application in made
    ]
    record_many(actor, Action.APPLICATION_CREATE, entries)
    note(
        ObjectType.APPLICATION,
        ChangeKind.CREATED,
        (Note(application.id) for application in made),
        now,
    )
    return results


@transaction.atomic(savepoint=False)
def update_applications(
    actor: Actor, changes: Sequence[ApplicationChange]
) -> list[ApplicationResult]:
    """Change, activate or deactivate these applications; in their order, each or why not."""
    ids = [change.id for change in changes]
    there = {
        application.id: application
        for application in Application.objects.select_for_update().filter(pk__in=ids)
    }
    return [
        _updated(actor, there[change.id], _normalized(change.values))
        if change.id in there
        else GONE
        for change in changes
    ]


@transaction.atomic(savepoint=False)
def delete_applications(actor: Actor, ids: Sequence[str]) -> list[ApplicationResult]:
    """Delete these applications and what binds them; in their order, each as it was or why not."""
    there = {
        application.id: application
        for application in Application.objects.select_for_update().filter(pk__in=ids)
    }
    return [_deleted(actor, there[id_]) if id_ in there else GONE for id_ in ids]


@transaction.atomic(savepoint=False)
def bind(actor: Actor, application: Application, groups: Iterable[UserGroup]) -> Difference:
    """Give the members of these groups the application; by id, the groups that were new to it."""
    wanted = {group.id for group in groups}
    # FOR NO KEY UPDATE: whoever writes rows that only refer to these need not wait.
    rows = UserGroup.objects.select_for_update(no_key=True).filter(pk__in=wanted)
    known = dict(rows.order_by("id").values_list("id", "name"))
    if not _held(application):
        return Difference()
    bound = set(_associations(application).values_list("group_id", flat=True))
    added = [id_ for id_ in known if id_ not in bound]
    if not added:
        return Difference()
    Association.objects.bulk_create(
        [Association(application=application, group_id=id_) for id_ in added],
        ignore_conflicts=True,
    )
    after = {"groups": [known[id_] for id_ in added]}
    record(actor, Action.APPLICATION_BIND, application_target(application), after=after)
    _note_edges(ChangeKind.BOUND, application, added)
    return Difference(added=tuple(added))


@transaction.atomic(savepoint=False)
def unbind(actor: Actor, application: Application, groups: Iterable[UserGroup]) -> Difference:
    """Take the application from the members of these groups; by id, the groups that had it."""
    if not _held(application):
        return Difference()
    bound = _associations(application).filter(group__in=[group.id for group in groups])
    known = dict(bound.order_by("group_id").values_list("group_id", "group__name"))
    if not known:
        return Difference()
    bound.delete()
    before = {"groups": list(known.values())}
    record(actor, Action.APPLICATION_UNBIND, application_target(application), before=before)
    _note_edges(ChangeKind.UNBOUND, application, known)
    return Difference(removed=tuple(known))


def _normalized(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: normalize(value) if name in TEXTS and isinstance(value, str | None) else value
        for name, value in values.items()
    }


def _refusals(values: Mapping[str, Any], required: Iterable[str] = ()) -> tuple[Refusal, ...]:
    wrong = [
        refusal
        for name, value in values.items()
        if name not in OTHERS and (refusal := refuse(name, value, APPLICATION_LIMITS))
    ]
    missing = [Refusal(name, "required") for name in required if name not in values]
    return (*wrong, *missing)


def _made(values: Mapping[str, Any]) -> ApplicationResult:
    if refusals := _refusals(values, required=("name", "displayLabel")):
        return Refused(refusals)
    return Application(id=new_id(), **values)


def _updated(
    actor: Actor, application: Application, values: Mapping[str, Any]
) -> ApplicationResult:
    if refusals := _refusals(values):
        return Refused(refusals)
    # What is as it was is no change: it leaves no event and nothing in the feed.
    changed = [name for name, value in values.items() if getattr(application, name) != value]
    if not changed:
        return application
    before = _shown(application, changed)
    for name in changed:
        setattr(application, name, values[name])
    application.save(update_fields=[*changed, "search_text"])
    after = _shown(application, changed)
    record(
        actor,
        Action.APPLICATION_UPDATE,
        application_target(application),
        before=before,
        after={**after, **({"logo": NEW_PICTURE} if after.get("logo") else {})},
    )
    notes = [Note(application.id, fields=tuple(changed))]
    note(ObjectType.APPLICATION, ChangeKind.UPDATED, notes, timezone.now())
    return application


def _deleted(actor: Actor, application: Application) -> ApplicationResult:
    key = application.id
    try:
        with transaction.atomic():
            application.delete()
    # Its connection has runs, which are records of what was done to people.
    except ProtectedError:
        return HAS_IMPORTS
    # Django takes the key from what it has deleted.
    application.id = key
    before = {"name": application.name, "displayLabel": application.displayLabel}
    record(actor, Action.APPLICATION_DELETE, application_target(application), before=before)
    note(ObjectType.APPLICATION, ChangeKind.DELETED, [Note(key)], timezone.now())
    return application


def _held(application: Application) -> bool:
    """Whether the application is there; nobody else binds it until the transaction ends."""
    rows = Application.objects.select_for_update(no_key=True).filter(pk=application.pk)
    return bool(rows.values_list("pk", flat=True))


def _associations(application: Application) -> QuerySet[Association]:
    return Association.objects.filter(application=application)


def _note_edges(kind: ChangeKind, application: Application, groups: Iterable[str]) -> None:
    notes = (Note(application.id, other_id=group_id) for group_id in groups)
    note(ObjectType.APPLICATION, kind, notes, timezone.now())


def _shown(application: Application, names: Iterable[str] = ()) -> dict[str, Any]:
    """These values for an event, or what is not empty; of a picture and a configuration the size.

    A configuration may hold what an application's vendor calls a secret.
    """
    shown = {
        name: getattr(application, name)
        for name in names or sorted(TEXTS | {"active", "shown_in_portal"})
        if name != "config"
    }
    if shown.get("logo"):
        shown["logo"] = NEW_PICTURE
    return {name: value for name, value in shown.items() if names or value not in ("", None)}
