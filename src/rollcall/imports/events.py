"""The events of imports: each verb writes its own, in the transaction of what it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.audit.recording import Target, record
from rollcall.imports.models import Connection, Run


def schedule_of(connection: Connection) -> Actor:
    """The connection's schedule, as who starts its imports."""
    # Not whoever set it up: they may be gone, and do not decide when it is due.
    return Actor(Initiator.SYSTEM, Door.SCHEDULE, connection.name, str(connection.pk))


def run_target(run: Run) -> Target:
    """A run as what an event is about."""
    return Target("run", str(run.number), str(run))


def record_start(actor: Actor, run: Run) -> None:
    """Somebody has started this run."""
    after = {
        "run": run.number,
        "connection": run.connection.name,
        "directory": run.target,
        "review": run.review,
        **run.options,
    }
    record(actor, Action.IMPORT_START, run_target(run), after=after)


def record_no_start(actor: Actor, connection: Connection, reason: str) -> None:
    """A run was to be started, and could not be."""
    target = Target("connection", str(connection.pk), connection.name)
    record(actor, Action.IMPORT_START, target, success=False, reason=reason)


def record_run(
    actor: Actor,
    action: Action,
    run: Run,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Somebody has done this to the run."""
    record(actor, action, run_target(run), before=before, after=after)
