"""Which targets imports can write to, and the one that each run has open in this process.

What a run goes by from its first look at the target on is kept beside it, for as long as this
process is at the run.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rollcall.directory.models import Organization
from rollcall.imports import target_accounts, tombstones
from rollcall.imports.errors import Unfit
from rollcall.imports.models import Run, RunState, TargetChoice
from rollcall.imports.options import Options
from rollcall.targets import registry
from rollcall.targets.base import Access, Origin, Target
from rollcall.targets.errors import TargetRefused

BUILTIN = registry.DEFAULT

NOTHING = Origin()
"""For whoever asks a target without importing anything."""


@dataclass(slots=True)
class _Open:
    """A target that is open, the requests to it that its run has counted, and what the run goes by.

    `access` is what the target said when the run was admitted, `erased` who was erased from the
    account when this process first asked; None until then.
    """

    target: Target
    counted: int = 0
    access: Access | None = None
    erased: tombstones.Erased | None = None


_open: dict[UUID, _Open] = {}
_lock = threading.Lock()


def chosen() -> str:
    """The target that imports go to unless another is named (Settings → Directory)."""
    return TargetChoice.the().target


def accounts_are_elsewhere() -> bool:
    """Whether people's accounts and sign-on are another directory's, such as JumpCloud's cloud.

    Nothing that would be done to an account here would be felt there.
    """
    return chosen() != BUILTIN


def require(name: str) -> None:
    """See to it that the target of this name can be opened.

    Raises:
        Unfit: there is no target of this name, or its settings are missing.
        TargetRefused: the address that is set is none.
    """
    _account(name)


def open_target(name: str, origin: Origin = NOTHING) -> Target:
    """The target of this name, ready to be asked; whoever opened it closes it.

    Raises:
        Unfit, TargetRefused: see `require`.
    """
    account = _account(name)
    return registry.get(name).open(account, origin)


def _account(name: str) -> Any:
    """The account at the target of this name, with everything that it needs."""
    if name not in registry.known_keys():
        known = ", ".join(registry.known_keys())
        raise Unfit(f"directory `{name}` is not known; there are: {known}")
    account = target_accounts.current(name)
    if lack := registry.get(name).lacks(account):
        raise Unfit(lack)
    return account


def target_of(run: Run) -> Target:
    """The target that this run writes to: one for the time that this process is at it.

    Raises:
        Unfit, TargetRefused: see `require`.
    """
    return _opened(run).target


def _opened(run: Run) -> _Open:
    with _lock:
        if run.pk not in _open:
            mapping = Options.from_record(run.options).mapping()
            _open[run.pk] = _Open(open_target(run.target, Origin(run.account_key, mapping)))
        return _open[run.pk]


def organization_of(run: Run) -> str:
    """The target's id of the organization that the run belongs to; "" before it was admitted."""
    access = _opened(run).access
    return run.organization or (access.organization_id if access else "")


def username_length(run: Run) -> int:
    """To how many characters the run makes usernames: as it was set when this process began it."""
    access = _opened(run).access
    length = access.username_length if access else None
    return Organization.the().username_length if length is None else length


def erased_of(run: Run) -> tombstones.Erased:
    """Whom of the run's account Rollcall has erased, the same for its read and for its plan."""
    opened = _opened(run)
    if opened.erased is None:
        opened.erased = tombstones.erased_of(run.account_key)
    return opened.erased


def close(run_id: UUID) -> None:
    """Close what the run has open here; the run has ended, or goes on in another process."""
    with _lock:
        opened = _open.pop(run_id, None)
    if opened is not None:
        opened.target.close()


def requests_since(run_id: UUID) -> int:
    """How many requests this process has sent to the run's target since this was last asked."""
    with _lock:
        opened = _open.get(run_id)
        if opened is None:
            return 0
        # The target counts from its opening on; a run adds up what several processes have sent.
        sent = opened.target.requests
        since, opened.counted = sent - opened.counted, sent
    return since


def admit(run: Run) -> None:
    """Ask the target, before anything costly is done, whether this run can do its work there.

    Raises:
        TargetError: it cannot be reached, the run belongs to another organization there, or the
            run is to write and the key may only read.
        Unfit: see `require`.
    """
    opened = _opened(run)
    access = opened.access = opened.target.check()
    # Noted with the plan (`planning.decide`): before it no id means anybody of an organization.
    if run.organization not in ("", access.organization_id):
        raise TargetRefused(
            f"This run was begun in another organization than {access.name}: set the API key of "
            "that one again, or start a new import."
        )
    only_plans = run.review and run.state in (RunState.FETCHING, RunState.PLANNING)
    # Before anything is fetched: to learn it after an hour of reading would waste the hour.
    if not access.may_write and not only_plans:
        raise TargetRefused(
            f"This API key may only read the organization {access.name}: an import needs one that "
            "may create and change users. A plan can be made with it."
        )
