"""Passwords that the API is sent for users: stored with their accounts, by the portal's rules."""

from __future__ import annotations

from typing import Final, TypeAlias

from django.core.exceptions import ValidationError
from django.db import transaction

from rollcall.accounts import activation
from rollcall.accounts.errors import ActivationRefusedError
from rollcall.accounts.holders import Obstacle
from rollcall.api.jumpcloud.errors import Problem
from rollcall.audit.actor import Actor
from rollcall.directory.models import User
from rollcall.directory.services import API
from rollcall.imports.open_targets import accounts_are_elsewhere

Stored: TypeAlias = "User | Problem"

WHY: Final = {
    Obstacle.HELD_BY_ADMINISTRATOR: "an administrator signs in with this e-mail",
    Obstacle.ADMINISTRATOR: "the account is an administrator's",
    Obstacle.TAKEN: "another account signs in with this e-mail",
    Obstacle.EMAIL_MALFORMED: "nobody can sign in with this e-mail",
}

ELSEWHERE: Final = "accounts and sign-on are JumpCloud's, where imports go"


def refuse_elsewhere() -> None:
    """Let nothing be done to an account that is another directory's.

    Raises:
        Problem: 400 that says so.
    """
    if accounts_are_elsewhere():
        raise Problem(400, f"Bad Request: {ELSEWHERE}")


def store(actor: Actor, user: User, password: str) -> Stored:
    """Give the user this password; the user as it is then, or why it was refused."""
    if accounts_are_elsewhere():
        return Problem(400, f"password: {ELSEWHERE}")
    try:
        with transaction.atomic():
            activation.give_password(actor, API, user.pk, password, must_change=False)
    except ValidationError as error:
        return Problem(400, *(f"password: {message}" for message in error.messages))
    except ActivationRefusedError as error:
        return Problem(400, f"password: {WHY.get(error.obstacle, 'the user is gone')}")
    return User.objects.get(pk=user.pk)
