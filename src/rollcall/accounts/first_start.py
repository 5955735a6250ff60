"""The first administrator, and the locked-out: what the commands ask for."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from axes.utils import reset as reset_lock_outs
from django.db import transaction
from django.urls import reverse

from rollcall.accounts import one_time_links
from rollcall.accounts.actors import account_target
from rollcall.accounts.models import Administrator, Role
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor


def is_first_start() -> bool:
    """Whether nobody can sign in as an administrator yet."""
    return not Administrator.objects.filter(role=Role.ADMINISTRATOR).exists()


def first_start_link(base_url: str) -> str | None:
    """The one-time link for the first administrator, None once there is one.

    `base_url` is where the portal can be reached, such as `http://127.0.0.1:8000`. Every call makes
    a new link and ends the one before.
    """
    if not is_first_start():
        return None
    return base_url.rstrip("/") + reverse(
        "first-start", kwargs={"token": one_time_links.make(None)}
    )


@transaction.atomic
def create_administrator(
    actor: Actor, email: str, role: Role = Role.ADMINISTRATOR, password: str | None = None
) -> Administrator:
    """A new administrator (`rollcall admin create`); without a password, give them a link.

    Raises:
        django.db.IntegrityError: somebody has this e-mail already.
    """
    made = Administrator.objects.create_user(email, password, role=role)
    recording.record(
        actor,
        Action.ADMINISTRATOR_CREATE,
        account_target(made),
        after={"email": made.email, "role": made.role},
    )
    return made


@transaction.atomic
def reset_administrator(
    actor: Actor, email: str, base_url: str, password: str | None = None
) -> str | None:
    """Let a locked-out administrator in again (`rollcall admin reset`).

    Takes away lock-outs and second factors and makes the account active. With a password it is set,
    and None returned; without one, the return value is a one-time link that sets it.

    Raises:
        Administrator.DoesNotExist: nobody has this e-mail.
    """
    found = Administrator.objects.get(email__iexact=email.strip())
    reset_lock_outs(username=found.email)
    Authenticator.objects.filter(user=found).delete()
    found.is_active = True
    found.set_password(password)
    found.save()
    recording.record(actor, Action.ADMINISTRATOR_RESET, account_target(found))
    return None if password else password_link(found, base_url)


def password_link(administrator: Administrator, base_url: str) -> str:
    """A one-time link with which this administrator sets a password."""
    token = one_time_links.make(administrator)
    return base_url.rstrip("/") + reverse("set-password", kwargs={"token": token})
