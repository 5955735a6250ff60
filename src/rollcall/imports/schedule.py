"""Scheduled imports: when a connection is imported by itself, and what happens then."""

from __future__ import annotations

import logging
from datetime import datetime

from dbos import DBOS
from django.conf import settings
from django.db import connections

from rollcall.core.errors import Problem
from rollcall.imports import dispatch, runs
from rollcall.imports.events import record_no_start, schedule_of
from rollcall.imports.models import Connection, Run
from rollcall.imports.options import Options
from rollcall.imports.source_accounts import unseal_account
from rollcall.jobs import engine
from rollcall.sources import registry
from rollcall.sources.errors import SettingsError

log = logging.getLogger(__name__)


def is_possible(connection: Connection) -> bool:
    """Whether this kind of source can be read again without somebody who hands something over."""
    try:
        return registry.get(connection.source).is_scheduled
    except SettingsError:  # of a kind that is not known here; the start will say so
        return True


def cron(connection: Connection) -> str | None:
    """When the connection is imported, as cron writes it; None for never."""
    minute, hour = connection.schedule_at.minute, connection.schedule_at.hour
    match connection.schedule:
        case Connection.Schedule.HOURLY:
            return f"{minute} * * * *"
        case Connection.Schedule.DAILY:
            return f"{minute} {hour} * * *"
        case Connection.Schedule.WEEKLY:
            return f"{minute} {hour} * * 1"
    return None


def keep(connection: Connection) -> None:
    """Make what is stored for this connection the schedule that DBOS follows."""
    name = _name(connection)
    when = cron(connection) if is_possible(connection) else None
    if when is None:
        DBOS.delete_schedule(name)
    elif _followed().get(name) != when:
        DBOS.delete_schedule(name)
        DBOS.create_schedule(
            schedule_name=name,
            workflow_fn=start_scheduled,
            schedule=when,
            context=connection.pk,
            cron_timezone=settings.TIME_ZONE,
            # On the shared queue, so that one worker starts it however many are running.
            queue_name=engine.QUEUE,
        )


def keep_all() -> None:
    """The same for every connection: a schedule may have been set while no worker ran."""
    for connection in Connection.objects.exclude(schedule=Connection.Schedule.NEVER.value):
        keep(connection)


def _name(connection: Connection) -> str:
    return f"connection-{connection.pk}"


def _followed() -> dict[str, str]:
    return {schedule["schedule_name"]: schedule["schedule"] for schedule in DBOS.list_schedules()}


@DBOS.workflow(name="import.scheduled")
def start_scheduled(moment: datetime, connection_id: int) -> None:
    """Start the import of a connection whose time has come."""
    try:
        # A step: after a crash the run that it has noted is handed over, and no second one begun.
        run_id = _start(connection_id)
        if run_id:
            dispatch.enqueue(Run.objects.get(pk=run_id))
    finally:
        # DBOS calls this in threads of its own, whose connections nobody else would close.
        connections.close_all()


@DBOS.step(name="start")
def _start(connection_id: int) -> str:
    """Note the run; its id, or "" where none could be started."""
    known = Connection.objects.select_related("application")
    connection = known.filter(pk=connection_id).first()
    if connection is None:
        return ""
    if connection.application is not None and not connection.application.active:
        return _not_started(connection, "the application is inactive")
    if not is_possible(connection):
        return _not_started(connection, "this kind of source cannot be read again by itself")
    if not connection.sealed_credentials:
        # Recorded and not raised: the schedule goes on, and somebody can see why nothing came of
        # it.
        return _not_started(connection, "no credentials are kept")
    try:
        run = runs.start_anywhere(_request(connection))
    except Problem as problem:
        return _not_started(connection, str(problem))
    return str(run.pk)


def _not_started(connection: Connection, reason: str) -> str:
    log.warning("scheduled import of connection %s: %s", connection.pk, reason)
    record_no_start(schedule_of(connection), connection, reason)
    return ""


def _request(connection: Connection) -> runs.Request:
    starter = runs.Starter(
        actor=schedule_of(connection),
        notify=connection.schedule_notify,
        language=connection.schedule_language,
        portal_url=connection.portal_url,
    )
    return runs.Request(
        connection=connection,
        account=unseal_account(connection.sealed_credentials),
        starter=starter,
        options=Options.from_record(connection.options).unattended(),
        review=connection.schedule_review,
    )
