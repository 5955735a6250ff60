"""An application that is deactivated imports nothing more: its schedule and its imports end."""

from __future__ import annotations

import logging
from typing import Final

from dbos import error as dbos_error

from rollcall.audit.actor import Actor
from rollcall.directory.models import Application
from rollcall.imports import connection_services, runs, schedule
from rollcall.imports.errors import WrongState
from rollcall.imports.models import ACTIVE_STATES, Connection, Run, RunState

log = logging.getLogger(__name__)

UNENDED: Final = (*ACTIVE_STATES, RunState.REVIEW)


def unended(application: Application) -> list[Run]:
    """The imports of the application that are at work or wait for a review."""
    return list(Run.objects.filter(connection__application=application, state__in=UNENDED))


def scheduled(application: Application) -> list[Connection]:
    """The connections of the application that are imported by themselves."""
    connections = Connection.objects.filter(application=application)
    return list(connections.exclude(schedule=Connection.Schedule.NEVER.value))


def end_imports(actor: Actor, application: Application) -> None:
    """Cancel what is at work or in review, and end the schedule; kept credentials stay."""
    for run in unended(application):
        try:
            runs.cancel(actor, run.pk)
        except WrongState:  # it ended by itself a moment ago
            continue
    for connection in scheduled(application):
        _end_schedule(actor, connection)


def _end_schedule(actor: Actor, connection: Connection) -> None:
    connection_services.end_schedule(actor, connection)
    try:
        schedule.keep(connection)
    except dbos_error.DBOSException:
        # a start that still comes finds the application inactive
        log.warning(
            "the schedule of connection %s ends at the next start of a worker", connection.pk
        )
