"""Users created, changed and deleted by hand: the portal's calls of the directory's services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

from rollcall.accounts.actors import actor_of
from rollcall.directory import lookalikes, services
from rollcall.directory.models import User
from rollcall.directory.organization import default_states
from rollcall.directory.services import HAND, NewUser, Refused, UserChange


def warn_of_twin(request: HttpRequest, user: User) -> None:
    """Say whose e-mail the user's can be taken for."""
    if twin := lookalikes.report_emails(actor_of(request), [user]).get(user.pk):
        message = gettext(
            "{text} looks like {twin} and is another one, in other letters: make sure that nobody "
            "passes for somebody else."
        )
        messages.warning(request, message.format(text=user.email, twin=twin.text))


def create(request: HttpRequest, values: Mapping[str, Any]) -> User | Refused:
    """A new user in the state for manual creation, or why there is none."""
    # Fields that were left empty were not written by anybody, and so have no provenance.
    given = {name: value for name, value in values.items() if value}
    state = default_states().manualEntry.value
    (user,) = services.create_users(actor_of(request), HAND, [NewUser({**given, "state": state})])
    return user


def change(request: HttpRequest, user: User, values: Mapping[str, Any]) -> User | Refused:
    """The user with these values, or why they are refused."""
    (changed,) = services.update_users(actor_of(request), HAND, [UserChange(user.pk, values)])
    return changed


def unlink(request: HttpRequest, user: User) -> None:
    """Let the user be nobody's at every source."""
    services.unlink_users(actor_of(request), [user.pk])


def delete(request: HttpRequest, user: User) -> None:
    """Delete the user; reports are left without a manager."""
    services.delete_users(actor_of(request), HAND, [user.pk])
