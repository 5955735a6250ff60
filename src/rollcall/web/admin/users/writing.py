"""Users created, changed and deleted by hand, with provenance and the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.directory.models import User
from rollcall.directory.organization import default_states
from rollcall.directory.services import HAND
from rollcall.web.shell import auditing

CREATION_SOURCE = "jumpcloud:manual"


def create(request: HttpRequest, values: Mapping[str, Any]) -> User | None:
    """A new user in the state for manual creation; None when somebody just took a value of it."""
    user = User(state=default_states().manualEntry.value, creationSource=CREATION_SOURCE, **values)
    given = {name: value for name, value in values.items() if value}
    user.provenance = _stamps([*given, "state"])
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            _note(request, Action.USER_CREATE, user, {}, _named({**given, "state": user.state}))
    except IntegrityError:
        return None
    return user


def change(request: HttpRequest, user: User, values: Mapping[str, Any]) -> bool:
    """Let the user have these values; False when somebody just took one of them."""
    differing = {name: value for name, value in values.items() if getattr(user, name) != value}
    if not differing:
        return True
    before = {name: getattr(user, name) for name in differing}
    for name, value in differing.items():
        setattr(user, name, value)
    user.provenance = {**user.provenance, **_stamps(differing)}
    try:
        with transaction.atomic():
            user.save(update_fields=[*_named(differing), "provenance", "updated"])
            _note(request, Action.USER_UPDATE, user, _named(before), _named(differing))
    except IntegrityError:
        return False
    return True


@transaction.atomic
def delete(request: HttpRequest, user: User) -> None:
    """Delete the user; reports are left without a manager."""
    _note(request, Action.USER_DELETE, user, {"username": user.username, "email": user.email}, {})
    user.delete()


def _stamps(names: Mapping[str, Any] | list[str]) -> dict[str, list[str]]:
    now = timezone.now().isoformat()
    return {name.removesuffix("_id"): [HAND, now] for name in names}


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removesuffix("_id"): value for name, value in values.items()}


def _note(
    request: HttpRequest,
    action: Action,
    user: User,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    auditing.record(
        request,
        action,
        target_type="user",
        target_id=user.pk,
        target=user.username,
        before=before,
        after=after,
    )
