"""Accounts of a source: sealed for as long as they are needed, and opened to be read."""

from __future__ import annotations

import json
from typing import Any

from rollcall.core import sealing
from rollcall.imports.errors import ImportProblem
from rollcall.imports.models import Run
from rollcall.sources import registry
from rollcall.sources.base import Account, SourceKind
from rollcall.sources.errors import SettingsError


class CredentialsGone(ImportProblem):
    """The run was interrupted while its source was read, and its credentials are not at hand."""


def seal_account(account: Account) -> bytes:
    """The account with its credentials, sealed."""
    kind = registry.get(registry.kind_of(account.key))
    return sealing.seal(json.dumps({"source": kind.key, "account": kind.to_record(account)}))


def unseal_account(sealed: bytes | memoryview | None) -> Account:
    """The account that was sealed.

    Raises:
        CredentialsGone: nothing is sealed any more.
        SealBroken: it cannot be opened.
        SettingsError: its kind of source is no longer known.
    """
    if not sealed:
        raise CredentialsGone("the credentials are no longer at hand; start the import again")
    record = json.loads(sealing.unseal(bytes(sealed)))
    account: Account = registry.get(record["source"]).from_record(record["account"])
    return account


def kind_of(account: Account) -> SourceKind[Any]:
    """The kind of source that the account is of.

    Raises:
        SettingsError: it is not known any more.
    """
    return registry.get(registry.kind_of(account.key))


def source_label(account_key: str) -> str:
    """What the kind of source is called that an account of this key is of.

    Raises:
        SettingsError: the kind is not known any more.
    """
    return registry.get(registry.kind_of(account_key)).label


def source_of(run: Run) -> str:
    """What the source of a run is called in sentences; its key where it is not known any more."""
    try:
        return source_label(run.account_key)
    except SettingsError:
        return registry.kind_of(run.account_key)
