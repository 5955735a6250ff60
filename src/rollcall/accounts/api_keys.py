"""The API's keys: made once, shown once, checked by their hash; each has a role, as people have."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from datetime import timedelta

from django.db import OperationalError, transaction
from django.utils import timezone

from rollcall.accounts.errors import NameMalformedError
from rollcall.accounts.models import ApiKey, Role
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Target
from rollcall.core.text import clean, holds_controls

PREFIX_LENGTH = 8
LONGEST_NAME = 255
FRESH = timedelta(minutes=1)
"""How old `last_used` may get before a request writes it anew."""


def valid_name(text: str) -> str:
    """A key's name as it is kept.

    Raises:
        NameMalformedError: it is none.
    """
    name = clean(text)
    if holds_controls(text.strip()) or not 0 < len(name) <= LONGEST_NAME:
        raise NameMalformedError
    return name


@transaction.atomic
def create(
    actor: Actor, name: str, role: Role = Role.ADMINISTRATOR, form: str = ""
) -> tuple[ApiKey, str]:
    """A new key that may do what this role may, and its secret, which cannot be had again.

    `form` names the form it is made with: `made_with` finds the key when that is sent once more.

    Raises:
        NameMalformedError: see `valid_name`.
        IntegrityError: a key was made with this form already.
    """
    name = valid_name(name)
    # A prefix of our own, by which scanners for leaked secrets can know it.
    secret = f"rck_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        name=name,
        # Kept in clear, so that people can tell their keys apart; far too short to guess the rest
        # from.
        prefix=secret[:PREFIX_LENGTH],
        hashed=_hashed(secret),
        role=role,
        created_by=actor.name,
        form=form,
    )
    recording.record(actor, Action.KEY_CREATE, key_target(key), after={"role": role.value})
    return key, secret


def made_with(form: str) -> ApiKey | None:
    """The key that was made with this form."""
    return ApiKey.objects.filter(form=form).first()


def verify(secret: str) -> ApiKey | None:
    """The living key with this secret, marked as used just now; None where there is none."""
    key = ApiKey.objects.filter(hashed=_hashed(secret), revoked=None).first()
    if key is not None:
        now = timezone.now()
        if key.last_used is None or now - key.last_used > FRESH:
            with suppress(OperationalError):  # a read never fails because somebody else writes
                ApiKey.objects.filter(pk=key.pk).update(last_used=now)
    return key


def revoked_with(secret: str) -> ApiKey | None:
    """The key with this secret that opens nothing any more."""
    return ApiKey.objects.filter(hashed=_hashed(secret), revoked__isnull=False).first()


@transaction.atomic
def revoke(actor: Actor, key: ApiKey) -> None:
    """Let the key open nothing any more; revoking it again changes nothing."""
    if not ApiKey.objects.filter(pk=key.pk, revoked=None).update(revoked=timezone.now()):
        return
    recording.record(actor, Action.KEY_REVOKE, key_target(key))


def key_target(key: ApiKey) -> Target:
    """A key as what an event is about."""
    return Target("api_key", key.id, key.name)


def _hashed(secret: str) -> str:
    # a plain hash does for 256 random bits: there is nothing to guess from a dictionary
    return hashlib.sha256(secret.encode()).hexdigest()
