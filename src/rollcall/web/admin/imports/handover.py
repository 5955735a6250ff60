"""What the portal asks of imports: who starts them, and handing runs to the workers."""

from __future__ import annotations

import logging

from dbos import error as dbos_error
from django.http import HttpRequest
from django.utils.translation import get_language

from rollcall.accounts.actors import actor_of
from rollcall.accounts.portal_address import absolute
from rollcall.imports import dispatch, schedule
from rollcall.imports.models import Connection, Run
from rollcall.imports.runs import Starter
from rollcall.web.shell.pages import signed_in

log = logging.getLogger(__name__)


def starter(request: HttpRequest) -> Starter:
    """The person signed in, with the language and the address for the e-mail."""
    return Starter(
        actor=actor_of(request),
        notify=signed_in(request).email,
        language=get_language() or "",
        portal_url=absolute("", request).rstrip("/"),
    )


def hand_over(run: Run) -> None:
    """Leave the run to the workers; call it once the run's row is committed.

    A process that serves pages alone has no engine; the workers find the run by themselves.
    """
    try:
        dispatch.enqueue(run)
    except dbos_error.DBOSException:
        log.warning("run %s waits for a worker: none is in this process", run.number)


def follow(connection: Connection) -> None:
    """Have the workers follow the connection's schedule; call it once it is committed."""
    try:
        schedule.keep(connection)
    except dbos_error.DBOSException:
        log.warning("the schedule is followed from the next start of a worker on")
