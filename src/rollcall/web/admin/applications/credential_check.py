"""The check of credentials against their source, with its failures told apart in words."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from rollcall.imports.options import Options
from rollcall.sources.base import Account, SourceKind
from rollcall.sources.errors import AccessDenied, CredentialsRefused, SourceError

PATIENCE_SECONDS = 15.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """Why a source cannot be read: in one line, what to do about it, and the exact finding.

    `is_about_address` says that the address may be the cause.
    """

    title: str
    advice: str
    detail: str
    is_about_address: bool = False


def check(
    kind: SourceKind[Any], account: Account, options: Options, *, in_detail: bool = True
) -> Failure | None:
    """Ask the source whether these credentials are right and may read employees; None if so.

    It takes 15 seconds at the most. Without `in_detail` all silence is alike, and takes as long:
    how an address fails to answer, and how soon, tells what listens there.
    """
    began = time.monotonic()
    failure = _check(kind, account, options, in_detail)
    if failure and failure.is_about_address and not in_detail:
        _hold_back(PATIENCE_SECONDS - (time.monotonic() - began))
    return failure


def _hold_back(seconds: float) -> None:
    time.sleep(max(0.0, seconds))


def _check(
    kind: SourceKind[Any], account: Account, options: Options, in_detail: bool
) -> Failure | None:
    with closing(kind.open(kind.hurried(account))) as source:
        # a client bounds each step of a request and not their sum: closing it ends it all
        alarm = threading.Timer(PATIENCE_SECONDS, source.close)
        alarm.start()
        try:
            source.check(options.mapping().needed_attributes())
        except SourceError as error:
            log.info("%s could not be checked: %s", kind.label, error)
            return _in_words(error, kind, account.address, in_detail)
        finally:
            alarm.cancel()
    return None


def _in_words(error: SourceError, kind: SourceKind[Any], address: str, in_detail: bool) -> Failure:
    if isinstance(error, CredentialsRefused):
        advice = gettext(
            "{source} does not know these credentials. Copy them once more from {place}."
        ).format(source=kind.label, place=_place(kind))
        return Failure(gettext("Wrong credentials"), advice, str(error))
    if isinstance(error, AccessDenied):
        return Failure(gettext("No access"), _no_access(error, _place(kind)), str(error))
    return Failure(
        gettext("{source} is unreachable").format(source=kind.label),
        gettext(
            "No usable answer came from {url}. Check the address under “advanced” and the "
            "network, then try again."
        ).format(url=address),
        str(error) if in_detail else "",
        is_about_address=True,
    )


def _place(kind: SourceKind[Any]) -> str:
    return gettext(kind.credentials_at) if kind.credentials_at else kind.label


def _no_access(error: AccessDenied, place: str) -> str:
    if error.attributes:
        return gettext(
            "The credentials are right, but they may not read {attributes}. Make these attributes "
            "readable in {place}."
        ).format(attributes=", ".join(error.attributes), place=place)
    return gettext(
        "The credentials are right, but they may not read employees. Give them that right in "
        "{place}."
    ).format(place=place)
