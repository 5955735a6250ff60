"""The check of credentials against Personio, with its failures told apart in words."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from rollcall.imports.options import Options
from rollcall.sources.personio.account import Account
from rollcall.sources.personio.client import Personio
from rollcall.sources.personio.errors import AccessDenied, CredentialsRefused, PersonioError

PATIENCE_SECONDS = 15.0


@dataclass(frozen=True)
class Failure:
    """Why Personio cannot be read: in one line, what to do about it, and the exact finding.

    `is_about_address` says that the API's address may be the cause.
    """

    title: str
    advice: str
    detail: str
    is_about_address: bool = False


def check(account: Account, options: Options) -> Failure | None:
    """Ask Personio whether these credentials are right and may read employees; None if so.

    It takes 15 seconds at the most.
    """
    # A person waits for the answer: an import may try for minutes, this may not.
    hurried = replace(account, timeout=5.0, connect_timeout=5.0, tries=2)
    with Personio(hurried) as personio:
        # httpx bounds each step of a request and not their sum: closing the client ends it all.
        alarm = threading.Timer(PATIENCE_SECONDS, personio.close)
        alarm.start()
        try:
            personio.check(options.mapping().needed_attributes())
        except PersonioError as error:
            return _in_words(error, account.url)
        finally:
            alarm.cancel()
    return None


def _in_words(error: PersonioError, url: str) -> Failure:
    if isinstance(error, CredentialsRefused):
        return Failure(
            gettext("Wrong credentials"),
            gettext(
                "Personio does not know this Client ID or this Client Secret. Copy both once more "
                "from Personio: Settings, Integrations, API credentials."
            ),
            str(error),
        )
    if isinstance(error, AccessDenied):
        return Failure(gettext("No access"), _no_access(error), str(error))
    return Failure(
        gettext("Personio is unreachable"),
        gettext(
            "No usable answer came from {url}. Check the API address under “advanced” and the "
            "network, then try again."
        ).format(url=url),
        str(error),
        is_about_address=True,
    )


def _no_access(error: AccessDenied) -> str:
    if error.attributes:
        return gettext(
            "The credentials are right, but they may not read {attributes}. Make these attributes "
            "readable in Personio: Settings, Integrations, API credentials."
        ).format(attributes=", ".join(error.attributes))
    return gettext(
        "The credentials are right, but they may not read employees. Give them that right in "
        "Personio: Settings, Integrations, API credentials."
    )
