"""The account that imports have at a target: of the settings from outside, or of the portal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Target, record
from rollcall.core import sealing
from rollcall.core.account_fields import by_variable
from rollcall.imports.errors import Unfit
from rollcall.imports.models import TargetAccount, TargetChoice
from rollcall.targets import registry

SETTINGS = Target("settings", name="directory")


def current(target: str) -> Any:
    """The account in use, as its kind makes it; its secrets are empty where none are set.

    A secret from outside brings its own address: what the portal stored belongs to another one.
    Without one, the stored account counts, and what is set from outside wins.

    Raises:
        TargetRefused: the address that is set is none.
        Unfit: the stored secrets cannot be opened.
    """
    outside = from_outside(target)
    # Else a key from outside could be sent to an address that somebody typed into the portal.
    stored = {} if has_outside_secret(target) else _stored(target)
    return registry.get(target).account({**stored, **outside})


def from_outside(target: str) -> Mapping[str, str]:
    """What environment and `rollcall.toml` say of the account, by variable; empty ones left out."""
    values = settings.CONFIGURATION.values
    variables = (field.variable for field in registry.get(target).fields)
    return {name: values[name] for name in variables if values.get(name)}


def has_outside_secret(target: str) -> bool:
    """Whether a secret of the account is set from outside, and the account with it."""
    outside = from_outside(target)
    fields = registry.get(target).fields
    return any(field.is_secret and field.variable in outside for field in fields)


def _stored(target: str) -> dict[str, str]:
    fields = registry.get(target).fields
    if not fields:  # a target without an account: nothing is asked
        return {}
    account = TargetAccount.at(target)
    return by_variable(fields, {**account.settings, **_secrets(account)})


def _secrets(account: TargetAccount) -> dict[str, str]:
    """The secrets that are kept, by the names of their fields.

    Raises:
        Unfit: they cannot be opened.
    """
    if not account.sealed_secrets:
        return {}
    try:
        secrets: dict[str, str] = json.loads(sealing.unseal(bytes(account.sealed_secrets)))
    except sealing.SealBroken as broken:
        raise Unfit(str(broken)) from None
    return secrets


def seal_secrets(secrets: Mapping[str, str]) -> bytes:
    """These secrets, given by the names of their fields, as an account keeps them."""
    return sealing.seal(json.dumps(dict(secrets)))


@transaction.atomic
def choose(
    actor: Actor,
    directory: str,
    kind: str,
    account: Mapping[str, str],
    secrets: Mapping[str, str],
) -> None:
    """Have imports go to this directory, and keep what was said of the account at this kind.

    Both by the names of the kind's fields; without secrets, those that are kept stay.
    """
    choice, kept = TargetChoice.the(), TargetAccount.at(kind)
    before = _shown(choice, kept)
    choice.target = directory
    choice.save()
    kept.settings |= account
    if secrets:
        kept.sealed_secrets = seal_secrets(secrets)
    kept.save()
    after = _shown(choice, kept)
    if secrets:
        after["key_replaced" if before["key_kept"] else "key_kept"] = True
    record(actor, Action.SETTINGS_DIRECTORY_SAVE, SETTINGS, before=before, after=after)


@transaction.atomic
def remove_secrets(actor: Actor, kind: str) -> None:
    """Keep no secrets of this kind any longer; without others, imports go to our own directory."""
    choice, kept = TargetChoice.the(), TargetAccount.at(kind)
    before = _shown(choice, kept)
    kept.sealed_secrets = None
    kept.save()
    if choice.target == kind and not has_outside_secret(kind):  # no import there could begin
        choice.target = registry.DEFAULT
        choice.save()
    after = _shown(choice, kept)
    record(actor, Action.SETTINGS_DIRECTORY_REMOVE_KEY, SETTINGS, before=before, after=after)


def _shown(choice: TargetChoice, account: TargetAccount) -> dict[str, object]:
    """The choice as the audit log shows it: of secrets, only whether there are any."""
    fields = registry.get(account.target).fields
    values = {
        field.name: account.settings.get(field.name, "") for field in fields if not field.is_secret
    }
    return {"directory": choice.target, **values, "key_kept": bool(account.sealed_secrets)}
