"""Which targets imports can write to, and the one that each run has open in this process."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

from rollcall.imports import target_accounts
from rollcall.imports.errors import Unfit
from rollcall.imports.models import Run, RunState, TargetChoice
from rollcall.imports.options import Options
from rollcall.targets import registry
from rollcall.targets.base import Origin, Target
from rollcall.targets.errors import TargetRefused

BUILTIN = registry.DEFAULT

NOTHING = Origin()
"""For whoever asks a target without importing anything."""

_open: dict[UUID, Target] = {}
_noted: dict[UUID, int] = {}
_lock = threading.Lock()


def chosen() -> str:
    """The target that imports go to unless another is named (Settings → Directory)."""
    return TargetChoice.the().target


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
    with _lock:
        if run.pk not in _open:
            mapping = Options.from_record(run.options).mapping()
            _open[run.pk] = open_target(run.target, Origin(run.account_key, mapping))
        return _open[run.pk]


def close(run_id: UUID) -> None:
    """Close what the run has open here; the run has ended, or goes on in another process."""
    with _lock:
        target = _open.pop(run_id, None)
        _noted.pop(run_id, None)
    if target is not None:
        target.close()


def requests_since(run_id: UUID) -> int:
    """How many requests this process has sent to the run's target since this was last asked."""
    with _lock:
        target = _open.get(run_id)
        sent = target.requests if target is not None else 0
        # The target counts from its opening on; a run adds up what several processes have sent.
        since = sent - _noted.get(run_id, 0)
        _noted[run_id] = sent
    return since


def admit(run: Run) -> None:
    """Ask the target, before anything costly is done, whether this run can do its work there.

    Raises:
        TargetError: it cannot be reached, the run belongs to another organization there, or the
            run is to write and the key may only read.
        Unfit: see `require`.
    """
    access = target_of(run).check()
    # From here on the ids in the plan mean users of this organization.
    if not run.organization:
        Run.objects.filter(pk=run.pk).update(organization=access.organization_id)
    elif run.organization != access.organization_id:
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
