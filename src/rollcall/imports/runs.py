"""Runs: started, reviewed, retried, cancelled and read back; what portal, cli and api call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Door
from rollcall.imports import erased_words, source_accounts
from rollcall.imports.accounting import count
from rollcall.imports.errors import Overlap, Unfit, WrongState
from rollcall.imports.events import record_run, record_start
from rollcall.imports.labels import state_label
from rollcall.imports.models import ACTIVE_STATES, ChangeRecord, Connection, Run, RunState, lane_of
from rollcall.imports.open_targets import BUILTIN, require
from rollcall.imports.options import Options
from rollcall.imports.source_accounts import seal_account, source_label, unseal_account
from rollcall.imports.undecided import account_for_undecided, origin_of
from rollcall.jobs.process import this_process
from rollcall.mail.models import Notifications
from rollcall.provisioning.change import NEEDS_ATTENTION, Result
from rollcall.provisioning.reason import Reason
from rollcall.sources.base import Account
from rollcall.sources.registry import kind_of


@dataclass(frozen=True, slots=True)
class Starter:
    """Who starts an import, and how they are told of its end.

    `notify` is the address that gets the e-mail when the run is complete, in `language` and with a
    link that begins with `portal_url`.
    """

    actor: Actor
    notify: str = ""
    language: str = ""
    portal_url: str = ""

    def columns(self) -> dict[str, object]:
        """The columns of `Run` that say who started it."""
        return {
            "trigger": self.actor.door.value,
            "started_by": self.actor.name,
            "started_by_user_id": self._account(),
            "notify_email": self.notify,
            "language": self.language,
            "portal_url": self.portal_url,
        }

    def _account(self) -> int | None:
        signed_in = self.actor.door is Door.PORTAL and self.actor.id
        return int(self.actor.id) if signed_in else None


@dataclass(frozen=True, slots=True)
class Request:
    """One import that somebody asks for: from where, how, by whom, and if it stops for review.

    Account, options and target are the run's own, and need not be what the connection keeps for
    its schedule; `target` "" is the connection's.
    """

    connection: Connection
    account: Account
    starter: Starter
    options: Options = field(default_factory=Options)
    review: bool = False
    target: str = ""


def connection_for(account: Account, target: str = BUILTIN) -> Connection:
    """The connection of this account to this target; made when it is met first.

    Raises:
        Unfit, TargetRefused: see `open_targets.require`.
    """
    require(target)
    connection, _ = Connection.objects.get_or_create(
        key=account.key,
        target=target,
        application=None,
        defaults={"source": kind_of(account.key), "name": source_label(account.key)},
    )
    if connection.address != account.address:
        connection.address = account.address
        connection.save(update_fields=["address"])
    return connection


def start_here(request: Request) -> Run:
    """A new run that this process is going to carry out (`dispatch.begin`).

    Raises:
        Unfit: an attribute is mapped that this kind of source does not have.
        Overlap: an import of the same connection is at work.
    """
    return _new(request, executor=this_process().executor)


def start_anywhere(request: Request) -> Run:
    """A new run for whichever worker is free (`dispatch.enqueue`).

    Raises:
        Unfit: an attribute is mapped that this kind of source does not have.
        Overlap: an import of the same connection is at work.
    """
    return _new(request, executor="")


def _new(request: Request, executor: str) -> Run:
    connection, account = request.connection, request.account
    target = request.target or connection.target
    _must_have_attributes(request)
    lane = lane_of(target, account.key)
    # the database guards the lane; another account's import over this connection waits as well
    if lane != connection.lane and (at_work := unfinished(connection, lane)):
        raise Overlap(at_work)
    return _create(
        connection,
        request.starter,
        lane,
        target=target,
        address=account.address,
        options=request.options.to_record(),
        review=request.review,
        sealed_credentials=seal_account(account),
        executor=executor,
    )


def _must_have_attributes(request: Request) -> None:
    kind = source_accounts.kind_of(request.account)
    for attribute, _ in request.options.extra_mapping:
        if not kind.has(attribute):
            raise Unfit(f"{kind.label} has no attribute `{attribute}`: leave it out of the mapping")


def _create(connection: Connection, starter: Starter, lane: str, **values: Any) -> Run:
    """The run with the next number; the database itself refuses a second one at work."""
    values |= {**starter.columns(), "held_at": timezone.now()}
    values["live_threshold"] = Notifications.the().live_threshold
    while True:
        try:
            with transaction.atomic():
                last = Run.objects.aggregate(last=Max("number"))["last"] or 0
                run = Run.objects.create(
                    number=last + 1, connection=connection, lane=lane, **values
                )
                if run.retry_of is None:
                    record_start(starter.actor, run)
                else:
                    origin = {"state": run.state, "retry_of": run.retry_of.number}
                    record_run(starter.actor, Action.IMPORT_RETRY, run, after=origin)
                return run
        except IntegrityError:
            at_work = unfinished(connection, lane)
            # Otherwise somebody was given the same number just now, and the next one is tried.
            if at_work is not None:
                raise Overlap(at_work) from None


def unfinished(connection: Connection | None, lane: str) -> Run | None:
    """The run of this connection or of this lane that is at work, by its state, if there is one."""
    concerned = Q(lane=lane) if connection is None else Q(lane=lane) | Q(connection=connection)
    return Run.objects.filter(concerned, state__in=ACTIVE_STATES).first()


def renew_credentials(run: Run, account: Account) -> None:
    """Give a run that is still reading the credentials once more, sealed."""
    if run.state == RunState.FETCHING:
        Run.objects.filter(pk=run.pk).update(sealed_credentials=seal_account(account))


def approve(actor: Actor, run_id: UUID, *, executor: str = "") -> Run:
    """End the review: the run is to be carried out. Asking twice is refused the second time.

    Raises:
        WrongState: the run is not in review (any more).
        Overlap: another import of the connection is at work.
    """
    try:
        with transaction.atomic():
            approved = Run.objects.filter(pk=run_id, state=RunState.REVIEW).update(
                state=RunState.APPLYING,
                executor=executor,
                held_at=timezone.now(),
                approved_at=timezone.now(),
            )
            run = Run.objects.get(pk=run_id)
            if approved:
                sides = {"state": RunState.REVIEW.value}, {"state": run.state}
                record_run(actor, Action.IMPORT_APPROVE, run, *sides)
    except IntegrityError:
        mine = Run.objects.get(pk=run_id)
        at_work = unfinished(None, mine.lane)
        # The one in the way has ended meanwhile.
        if at_work is None:
            return approve(actor, run_id, executor=executor)
        raise Overlap(at_work) from None
    if not approved:
        raise WrongState(
            f"run {run.number} is not in review ({state_label(run.state)}): nothing was done"
        )
    return run


def cancel(actor: Actor, run_id: UUID) -> Run:
    """Stop a run: what was done stays, everybody else is accounted for as skipped.

    Raises:
        WrongState: the run has ended already.
    """
    stoppable = (*ACTIVE_STATES, RunState.REVIEW)
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state not in stoppable:
            raise WrongState(f"run {run.number} has ended already ({state_label(run.state)})")
        if run.state in (RunState.FETCHING, RunState.PLANNING):
            account_for_undecided(run, Result.SKIPPED, Reason("cancelled"))
        ChangeRecord.objects.filter(run=run, result="").update(
            result=Result.SKIPPED.value,
            error=Reason("cancelled").to_record(),
            finished_at=timezone.now(),
        )
        before = run.state
        run.counts = count(run.pk, "result")
        run.state = RunState.CANCELLED
        run.sealed_credentials = None
        run.next_try_at = None
        run.finished_at = timezone.now()
        run.save()
        erased_words.take_out(run)
        sides = {"state": before}, {"state": run.state}
        record_run(actor, Action.IMPORT_CANCEL, run, *sides)
    return run


def retry(run: Run, starter: Starter, *, executor: str = "") -> Run:
    """A new run for the employees of this one who need attention; the source is read anew.

    Where the credentials are not kept (`Connection.sealed_credentials`), it goes by what the source
    said then, and the new run says so.

    Raises:
        WrongState: the run has not ended, or nobody in it needs attention.
        Overlap: another import of the connection is at work.
    """
    if run.state not in (RunState.COMPLETED, RunState.FAILED):
        raise WrongState(
            f"run {run.number} ({state_label(run.state)}): only an ended run can be retried"
        )
    if not run.changes.filter(result__in=[result.value for result in NEEDS_ATTENTION]).exists():
        raise WrongState(f"nobody in run {run.number} needs another try")
    return _create(
        run.connection,
        starter,
        run.lane,
        target=run.target,
        address=run.address,
        options=run.options,
        executor=executor,
        **_to_read(run),
        retry_of=run,
    )


def _to_read(run: Run) -> dict[str, Any]:
    """The columns of a retry that say where it begins: with the source, if that can be read."""
    kept = run.connection.sealed_credentials
    if kept and unseal_account(kept).key == run.account_key:
        return {"state": RunState.FETCHING, "sealed_credentials": kept}
    warnings = [Reason("retried_as_read").to_record()]
    return {"state": RunState.PLANNING, "complete": origin_of(run).complete, "warnings": warnings}
