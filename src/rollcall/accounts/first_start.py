"""The first administrator: made behind a one-time link while nobody administers Rollcall."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from rollcall.accounts import one_time_links, services
from rollcall.accounts.models import Account, OneTimeLink, Role
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Door, Initiator


def is_first_start() -> bool:
    """Whether nobody can sign in as an administrator yet."""
    return not Account.objects.with_role(Role.ADMINISTRATOR).exists()


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
def create_first(link: OneTimeLink, email: str, password: str, address: str) -> Account | None:
    """The first administrator, made by whoever has the link; None when it was used meanwhile.

    `address` is the client's IP address.

    Raises:
        AccountError: the e-mail cannot be one to sign in with; the link stays.
    """
    # Used first: of two people behind one link only one becomes the administrator.
    if not one_time_links.use(link):
        return None
    owner = Actor(Initiator.ADMIN, Door.PORTAL, services.valid_email(email), address=address)
    return services.create(
        owner, email, {Role.ADMINISTRATOR}, password=password, action=Action.ADMINISTRATOR_FIRST
    )
