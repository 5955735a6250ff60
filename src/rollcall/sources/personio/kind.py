"""Personio as a kind of source: its account's form, and how an account is kept and opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from rollcall.core.account_fields import AccountField, FieldType
from rollcall.provisioning.reason import gettext_noop
from rollcall.sources.base import Source, SourceKind
from rollcall.sources.personio.account import KIND_KEY, Account, ApiVersion
from rollcall.sources.personio.settings import DEFAULT_URL

_CUSTOM: Final = re.compile(r"dynamic_[0-9a-f]+(?:\.[0-9]+)?")
"""Personio's keys of custom attributes: digits in v1 (GET employees/attributes), in v2 also
`dynamic_6322ffb59ab387.97097504`."""

FIELDS: Final = (
    AccountField(
        "client_id",
        "PERSONIO_CLIENT_ID",
        gettext_noop("Client ID"),
        help=gettext_noop("Personio shows both under Settings, Integrations, API credentials."),
    ),
    AccountField(
        "client_secret",
        "PERSONIO_CLIENT_SECRET",
        gettext_noop("Client Secret"),
        FieldType.SECRET,
    ),
    AccountField(
        "personio_url",
        "PERSONIO_URL",
        gettext_noop("API address"),
        FieldType.ADDRESS,
        default=DEFAULT_URL,
        correction=gettext_noop("Write the address alone, such as {example}."),
        advanced=True,
    ),
    AccountField(
        "api_version",
        "PERSONIO_API_VERSION",
        gettext_noop("API version"),
        FieldType.CHOICE,
        default=ApiVersion.AUTO,
        choices=(
            (
                ApiVersion.AUTO,
                gettext_noop("v1 where the credential allows it, else v2"),
            ),
            (ApiVersion.V1, "v1"),
            (ApiVersion.V2, "v2"),
        ),
        advanced=True,
    ),
    AccountField(
        "account_name",
        "PERSONIO_ACCOUNT",
        gettext_noop("Account name"),
        required=False,
        help=gettext_noop(
            "Only where several Personio accounts are imported from one address: a name of your "
            "own for each, so that their employee IDs are told apart."
        ),
        correction=gettext_noop("Write at most 32 letters, digits and hyphens."),
        advanced=True,
    ),
)


def from_record(record: Mapping[str, Any]) -> Account:
    """The account that was kept."""
    return Account(**record)


def open_account(account: Account) -> Source:
    """The account, ready to be read; nothing is sent before the first verb."""
    from rollcall.sources.personio.client import Personio  # httpx: only where something is read

    return Personio(account)


def hurried(account: Account) -> Account:
    """The account with few tries and short waits: a person waits for the answer."""
    return replace(account, timeout=5.0, connect_timeout=5.0, tries=2)


def is_custom(attribute: str) -> bool:
    """Whether this is how Personio calls a custom attribute."""
    return _CUSTOM.fullmatch(attribute) is not None


KIND: Final = SourceKind(
    key=KIND_KEY,
    label="Personio",
    fields=FIELDS,
    account=Account.of,
    to_record=asdict,
    from_record=from_record,
    open=open_account,
    hurried=hurried,
    is_custom=is_custom,
    name_field="account_name",
    credentials_at=gettext_noop("Personio: Settings, Integrations, API credentials"),
)
