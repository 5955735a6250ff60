"""What connected accounts are called, for pages that show where a value came from."""

from __future__ import annotations

from rollcall.imports.models import Connection
from rollcall.imports.source_accounts import source_label
from rollcall.sources.errors import SettingsError


class AccountNames(dict[str, str]):
    """What accounts are called, by their keys; one that is no longer connected, as its kind is."""

    def __missing__(self, account_key: str) -> str:
        try:
            return source_label(account_key)
        except SettingsError:
            return account_key


def names() -> AccountNames:
    """What every connected account is called: as its application is, if it has one."""
    rows = list(Connection.objects.order_by("pk").values_list("key", "name", "application"))
    rows.sort(key=lambda row: row[2] is not None)  # so that an application's name comes last
    return AccountNames({key: name for key, name, _ in rows})
