"""What a test of the account at JumpCloud has found, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from rollcall.imports.errors import Unfit
from rollcall.targets.errors import TargetError, TargetRefused
from rollcall.targets.jumpcloud import JumpCloudTarget, Pace
from rollcall.targets.jumpcloud.responses import (
    KeyRefused,
    NotTheCloud,
    RightMissing,
    WrongOrganization,
)
from rollcall.web.admin.applications.credential_check import Failure
from rollcall.web.admin.settings.target.forms import DirectoryForm

HURRIED = Pace(first_wait=0.2, longest_wait=1.0, attempts=2, timeout=3.0)
"""A person waits for a connection test: fifteen seconds at the most where nothing answers."""


@dataclass(frozen=True)
class Tested:
    """What a connection test found: the organization and the key's rights, or why there is none.

    `default_state` is the state that the organization gives to imported users.
    """

    organization: str = ""
    may_write: bool = False
    default_state: str = ""
    failure: Failure | None = None


def examine(form: DirectoryForm) -> Tested:
    """Ask JumpCloud what the account in this valid form is and may do."""
    try:
        with JumpCloudTarget(form.account(), pace=HURRIED) as directory:
            access = directory.check()
            state = directory.default_state()
    except Unfit as problem:
        return Tested(failure=Failure(gettext("The kept API key is lost"), "", str(problem)))
    except TargetError as problem:
        return Tested(failure=_in_words(problem, form.cleaned_data["url"]))
    return Tested(access.name, access.may_write, state.value)


def _in_words(problem: TargetError, url: str) -> Failure:
    # The special ones first: most of them are refusals, too.
    match problem:
        case KeyRefused():
            title = gettext("Wrong API key")
            advice = gettext(
                "JumpCloud does not know this key. Copy it once more, or make another."
            )
        case WrongOrganization():
            title = gettext("Wrong organization")
            advice = gettext(
                "The key is right, but not for this organization. Check the organization ID; leave "
                "it empty where the key has one organization only."
            )
        case RightMissing():
            title = gettext("No access")
            advice = gettext(
                "JumpCloud knows the key, but does not let it read. Give its administrator a role "
                "that may read users, or check whether this server's address is blocked."
            )
        case NotTheCloud():
            title = gettext("Not JumpCloud")
            advice = gettext("Something else answers at {url}. Check the address.").format(url=url)
        case TargetRefused():
            title = gettext("JumpCloud refused")
            advice = gettext("Check address, organization ID and API key.")
        case _:
            title = gettext("JumpCloud is unreachable")
            advice = gettext(
                "No usable answer came from {url}. Check the address and the network, then try "
                "again."
            ).format(url=url)
    return Failure(title, advice, str(problem))
