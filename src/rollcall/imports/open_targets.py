"""Which directories imports can write to, and the one that each run has open in this process."""

from __future__ import annotations

import threading
from uuid import UUID

from rollcall.imports import cloud_account
from rollcall.imports.errors import Unfit
from rollcall.imports.models import DirectoryChoice, Run, RunState
from rollcall.imports.options import Options
from rollcall.provisioning.mapping import AttributeMapping
from rollcall.targets.base import Directory
from rollcall.targets.errors import TargetRefused

BUILTIN = "builtin"
JUMPCLOUD = "jumpcloud"

NAMES = (BUILTIN, JUMPCLOUD)
"""The names that `--directory` takes."""

IDENTIFIER = "employeeIdentifier"

_open: dict[UUID, Directory] = {}
_noted: dict[UUID, int] = {}
_lock = threading.Lock()


def chosen() -> str:
    """The directory that imports go to unless another is named (Settings → Directory)."""
    return DirectoryChoice.the().directory


def require(name: str) -> None:
    """See to it that the directory of this name can be opened.

    Raises:
        Unfit: there is no directory of this name, or its settings are missing.
        TargetRefused: the address that is set is none.
    """
    if name not in NAMES:
        raise Unfit(f"directory `{name}` is not known; there are: {', '.join(NAMES)}")
    if name == JUMPCLOUD and not cloud_account.current().api_key:
        raise Unfit(
            "JumpCloud has no API key yet: set JUMPCLOUD_API_KEY, or enter one in the portal "
            "under Settings → Directory"
        )


def open_directory(name: str, mapping: AttributeMapping | None = None) -> Directory:
    """The directory of this name, ready to be asked; whoever opened it closes it.

    `mapping` is the attribute mapping that an import follows.

    Raises:
        Unfit, TargetRefused: see `require`.
    """
    require(name)
    if name == JUMPCLOUD:
        return _jumpcloud(mapping or Options().mapping())
    from rollcall.targets.builtin.target import BuiltinTarget

    return BuiltinTarget()


def directory_of(run: Run) -> Directory:
    """The directory that this run writes to: one for the time that this process is at it.

    Raises:
        Unfit, TargetRefused: see `require`.
    """
    with _lock:
        if run.pk not in _open:
            mapping = Options.from_record(run.options).mapping()
            _open[run.pk] = open_directory(run.directory, mapping)
        return _open[run.pk]


def close(run_id: UUID) -> None:
    """Close what the run has open here; the run has ended, or goes on in another process."""
    with _lock:
        found = _open.pop(run_id, None)
        _noted.pop(run_id, None)
    if found is not None:
        found.close()


def requests_since(run_id: UUID) -> int:
    """How many requests this process has sent to the run's directory since this was last asked."""
    with _lock:
        found = _open.get(run_id)
        sent = found.requests if found is not None else 0
        since = sent - _noted.get(run_id, 0)
        _noted[run_id] = sent
    return since


def admit(run: Run) -> None:
    """Ask the directory, before anything costly is done, whether this run can do its work there.

    Raises:
        TargetError: it cannot be reached, the run belongs to another organization there, or the
            run is to write and the key may only read.
        Unfit: see `require`.
    """
    access = directory_of(run).check()
    if not run.organization:
        Run.objects.filter(pk=run.pk).update(organization=access.organization_id)
    elif run.organization != access.organization_id:
        raise TargetRefused(
            f"This run was begun in another organization than {access.name}: set the API key of "
            "that one again, or start a new import."
        )
    only_plans = run.review and run.state in (RunState.FETCHING, RunState.PLANNING)
    if not access.may_write and not only_plans:
        raise TargetRefused(
            f"This API key may only read the organization {access.name}: an import needs one that "
            "may create and change users. A plan can be made with it."
        )


def _jumpcloud(mapping: AttributeMapping) -> Directory:
    from rollcall.targets.jumpcloud import Identity, JumpCloudTarget

    fills_identifier = any(rule.target == IDENTIFIER for rule in mapping.rules)
    identity = Identity.ATTRIBUTE if fills_identifier else Identity.IDENTIFIER
    return JumpCloudTarget(cloud_account.current(), identity=identity)
