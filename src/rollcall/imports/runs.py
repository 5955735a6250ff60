"""Runs: started, reviewed, retried, cancelled and read back; what portal, cli and api call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from rollcall.imports.accounting import count
from rollcall.imports.errors import Overlap, WrongState
from rollcall.imports.fetching import seal_account
from rollcall.imports.models import ACTIVE_STATES, ChangeRecord, Connection, Run, RunState
from rollcall.imports.open_targets import BUILTIN, require
from rollcall.imports.options import Options
from rollcall.jobs.worker_registry import this_process
from rollcall.provisioning.change import NEEDS_ATTENTION, Result
from rollcall.provisioning.reason import Reason
from rollcall.sources.personio.account import Account

DEFAULT_NAME = "Personio"


@dataclass(frozen=True, slots=True)
class Starter:
    """Who starts an import and from where: `trigger` is cli, portal, api or schedule.

    `user_id` is the administrator's key where one signed in, `notify` the address that gets the
    e-mail when the run is complete, in `language` and with a link that begins with `portal_url`.
    """

    trigger: str
    name: str = ""
    user_id: int | None = None
    notify: str = ""
    language: str = ""
    portal_url: str = ""

    def columns(self) -> dict[str, object]:
        """The columns of `Run` that say who started it."""
        return {
            "trigger": self.trigger,
            "started_by": self.name,
            "started_by_user_id": self.user_id,
            "notify_email": self.notify,
            "language": self.language,
            "portal_url": self.portal_url,
        }


@dataclass(frozen=True, slots=True)
class Request:
    """One import that somebody asks for: from where, how, by whom, and if it stops for review."""

    connection: Connection
    account: Account
    starter: Starter
    options: Options = field(default_factory=Options)
    review: bool = False


def connection_for(account: Account, directory: str = BUILTIN) -> Connection:
    """The connection of this Personio account to this directory; made when it is met first."""
    require(directory)
    found, _ = Connection.objects.get_or_create(
        personio_url=account.url,
        directory=directory,
        application=None,
        defaults={"name": DEFAULT_NAME},
    )
    return found


def start_here(request: Request) -> Run:
    """A new run that this process is going to carry out (`dispatch.begin`).

    Raises:
        Overlap: an import of the same connection is at work.
    """
    return _new(request, executor=this_process().executor)


def start_anywhere(request: Request) -> Run:
    """A new run for whichever worker is free (`dispatch.enqueue`).

    Raises:
        Overlap: an import of the same connection is at work.
    """
    return _new(request, executor="")


def _new(request: Request, executor: str) -> Run:
    return _create(
        request.connection,
        directory=request.connection.directory,
        **request.starter.columns(),
        options=request.options.to_record(),
        review=request.review,
        sealed_credentials=seal_account(request.account),
        executor=executor,
    )


def _create(connection: Connection, **values: Any) -> Run:
    """The run with the next number; the database itself refuses a second one at work."""
    while True:
        try:
            with transaction.atomic():
                last = Run.objects.aggregate(last=Max("number"))["last"] or 0
                return Run.objects.create(number=last + 1, connection=connection, **values)
        except IntegrityError:
            at_work = unfinished(connection)
            if at_work is not None:
                raise Overlap(at_work) from None


def unfinished(connection: Connection) -> Run | None:
    """The run of this connection's lane that is at work, by its state, if there is one."""
    return Run.objects.filter(lane=connection.lane, state__in=ACTIVE_STATES).first()


def renew_credentials(run: Run, account: Account) -> None:
    """Give a run that is still reading the credentials once more, sealed."""
    if run.state == RunState.FETCHING:
        Run.objects.filter(pk=run.pk).update(sealed_credentials=seal_account(account))


def choose(run: Run, employee_ids: Sequence[str] | None) -> None:
    """Pick whose changes a run in review carries out; None picks everybody."""
    changes = ChangeRecord.objects.filter(run=run)
    with transaction.atomic():
        changes.update(chosen=employee_ids is None)
        if employee_ids is not None:
            changes.filter(employee_id__in=employee_ids).update(chosen=True)


def approve(run_id: UUID, *, executor: str = "") -> Run:
    """End the review: the run is to be carried out. Asking twice is refused the second time.

    Raises:
        WrongState: the run is not in review (any more).
        Overlap: another import of the connection is at work.
    """
    try:
        with transaction.atomic():
            approved = Run.objects.filter(pk=run_id, state=RunState.REVIEW).update(
                state=RunState.APPLYING, executor=executor, approved_at=timezone.now()
            )
    except IntegrityError:
        mine = Run.objects.get(pk=run_id)
        at_work = Run.objects.filter(lane=mine.lane, state__in=ACTIVE_STATES).first()
        if at_work is None:
            return approve(run_id, executor=executor)
        raise Overlap(at_work) from None
    run = Run.objects.get(pk=run_id)
    if not approved:
        raise WrongState(f"run {run.number} is {run.state}, not in review: nothing was done")
    return run


def cancel(run_id: UUID) -> Run:
    """Stop a run: what was done stays, everybody else is accounted for as skipped.

    Raises:
        WrongState: the run has ended already.
    """
    stoppable = (*ACTIVE_STATES, RunState.REVIEW)
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state not in stoppable:
            raise WrongState(f"run {run.number} is {run.state} already")
        ChangeRecord.objects.filter(run=run, result="").update(
            result=Result.SKIPPED.value,
            error=Reason("cancelled").to_record(),
            finished_at=timezone.now(),
        )
        run.counts = count(run.pk, "result")
        run.state = RunState.CANCELLED
        run.sealed_credentials = None
        run.finished_at = timezone.now()
        run.save()
    return run


def retry(run: Run, starter: Starter, *, executor: str = "") -> Run:
    """A new run for the employees of this one who need attention, from what Personio said then.

    Raises:
        WrongState: the run has not ended, or nobody in it needs attention.
        Overlap: another import of the connection is at work.
    """
    if run.state not in (RunState.COMPLETED, RunState.FAILED):
        raise WrongState(f"run {run.number} is {run.state}; only an ended run can be retried")
    origin = run.retry_of or run
    if not run.changes.filter(result__in=[one.value for one in NEEDS_ATTENTION]).exists():
        raise WrongState(f"nobody in run {run.number} needs another try")
    return _create(
        run.connection,
        directory=run.directory,
        **starter.columns(),
        options=run.options,
        state=RunState.PLANNING,
        complete=origin.complete,
        executor=executor,
        retry_of=run,
    )
