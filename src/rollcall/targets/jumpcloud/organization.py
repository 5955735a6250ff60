"""The organization behind a key: its name, its default state, and what the key may do there."""

from __future__ import annotations

from typing import Final

from rollcall.provisioning.user import State
from rollcall.targets.base import Access
from rollcall.targets.errors import TargetRefused, TargetUnreachable
from rollcall.targets.jumpcloud.account import Account
from rollcall.targets.jumpcloud.http import Wire
from rollcall.targets.jumpcloud.pace import Pace
from rollcall.targets.jumpcloud.responses import (
    KeyRefused,
    Record,
    Rejected,
    RightMissing,
    WrongOrganization,
    record_of,
    results_of,
    text_of,
)
from rollcall.targets.jumpcloud.users import PAGE

TRIES: Final = 4
"""A connection test asks only so often: a wrong address explains silence better than bad luck."""


def check(wire: Wire, account: Account, pace: Pace) -> Access:
    """Whether the organization can be reached, and what the key may do there.

    Raises:
        TargetRefused: no key, a key that is not known, without the right, or of another
            organization.
        TargetUnreachable: nothing, or something else than JumpCloud's API, answers.
    """
    if not account.api_key:
        raise TargetRefused("No API key for JumpCloud: set JUMPCLOUD_API_KEY.")
    try:
        chosen = find(wire, account, attempts=TRIES)
    except (KeyRefused, RightMissing):
        # The refusal does not say whether the key is wrong, or the organization beside it.
        if account.organization_id and _key_alone_works(account, pace):
            raise WrongOrganization(_WRONG_ORGANIZATION) from None
        raise
    return Access(
        name=text_of(chosen, "displayName"),
        organization_id=text_of(chosen, "_id", "id"),
        may_write=_may_write(wire),
    )


def find(wire: Wire, account: Account, attempts: int | None = None) -> Record:
    """The organization that the key and the settings mean (v1, GET organizations).

    Raises:
        WrongOrganization: the key has no such organization, or several to choose from.
    """
    params = {"limit": PAGE, "skip": 0}
    listed = results_of(wire.get("/api/organizations", params, attempts))
    wanted = account.organization_id
    # A key of a provider with many customers: the first organization would be somebody else's.
    if not wanted and len(listed) > 1:
        raise WrongOrganization(
            "This API key has several JumpCloud organizations: say which by JUMPCLOUD_ORG_ID, or "
            "under Settings → Directory."
        )
    chosen = [record for record in listed if not wanted or text_of(record, "_id", "id") == wanted]
    if not chosen:
        raise WrongOrganization(_WRONG_ORGANIZATION)
    return chosen[0]


def default_state(wire: Wire, organization_id: str) -> State | None:
    """The state of users made by application imports; None where the organization says nothing."""
    try:
        record = record_of(wire.get(f"/api/organizations/{organization_id}"))
    except Rejected:
        return None
    settings = record.get("settings")
    defaults = settings.get("newSystemUserStateDefaults") if isinstance(settings, dict) else None
    word = defaults.get("applicationImport") if isinstance(defaults, dict) else None
    return State(word) if word in {State.STAGED.value, State.ACTIVATED.value} else None


def _may_write(wire: Wire) -> bool:
    """Try an update of nobody: JumpCloud documents no other way to see what a key may do.

    A key that was just allowed to read and is refused here may not write. Any other answer
    leaves it open, and then the first real write tells.
    """
    try:
        wire.repeat(
            # Mails suppressed, though nobody is in the list: JumpCloud promises nothing of an empty
            # one.
            "PATCH",
            "/api/v2/bulk/users",
            params={"suppressEmail": "true"},
            body=[],
            attempts=1,
        )
    except (KeyRefused, RightMissing):
        return False
    except (Rejected, TargetUnreachable):
        return True
    return True


def _key_alone_works(account: Account, pace: Pace) -> bool:
    # Without the organization's id in its header: what is refused then is the key itself.
    alone = Wire(Account(account.url, account.api_key), pace)
    try:
        alone.get("/api/organizations", {"limit": 1, "skip": 0}, attempts=TRIES)
    except TargetRefused:
        return False
    finally:
        alone.close()
    return True


_WRONG_ORGANIZATION = (
    "This API key does not belong to the JumpCloud organization that is set: check its id "
    "(JUMPCLOUD_ORG_ID, or Settings → Directory), or leave it out."
)
