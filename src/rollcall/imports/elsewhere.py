"""Who is away by one source's word and at work by another's: an inactive record suspends nobody
whom an active record of another account owns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db.models import Exists, OuterRef

from rollcall.directory.models import ExternalIdentity
from rollcall.imports import connections
from rollcall.imports.models import Run, StagedEmployee, lane_of
from rollcall.imports.open_targets import BUILTIN
from rollcall.provisioning.change import Change, Kind, Outcome, Result
from rollcall.provisioning.lifecycle import WORKING, status_word
from rollcall.provisioning.reason import Reason


def kept_at_work(run: Run, changes: Sequence[Change]) -> list[Change]:
    """The changes, in which nobody loses access who is at work at another account."""
    reasons = _reasons(run, changes)
    return [_left_alone(change, reasons.get(change.employee_id)) for change in changes]


def at_work_by_now(run: Run, changes: Sequence[Change]) -> list[Outcome]:
    """The outcomes of those who would lose access, and are at work at another account by now."""
    reasons = _reasons(run, changes)
    return [
        Outcome(change.employee_id, Result.SKIPPED, change.user_id, reasons[change.employee_id])
        for change in changes
        if change.employee_id in reasons
    ]


def _reasons(run: Run, changes: Iterable[Change]) -> dict[str, Reason]:
    """By employee id, why those who would lose access do not."""
    leaving = {change.user_id: change for change in changes if change.kind is Kind.SUSPEND}
    # Another directory knows one id of each user, and no second account beside it.
    if not leaving or run.target != BUILTIN:
        return {}
    working = _working(run, [user_id for user_id in leaving if user_id])
    if not working:
        return {}
    names = connections.names()
    return {
        leaving[user_id].employee_id: Reason(
            "at_work_elsewhere", {"account": names[source], "id": employee_id}
        )
        for user_id, (source, employee_id) in working.items()
    }


def _working(run: Run, user_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Which of these users another account has at work, by its last read, and as whom."""
    others = ExternalIdentity.objects.filter(user__in=user_ids).exclude(source=run.account_key)
    users: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for user_id, source, employee_id in others.values_list("user", "source", "external_id"):
        users[source][employee_id] = user_id
    return {
        known[employee_id]: (source, employee_id)
        for source, known in sorted(users.items())
        for employee_id in _at_work(source, list(known))
    }


def _at_work(source: str, employee_ids: Sequence[str]) -> list[str]:
    """Whom of these the last read of this account has found at work; the last complete one of
    whom an incomplete one has missed.

    What was read is kept for some weeks (`retention`): an account that is no longer imported holds
    nobody's access for longer.
    """
    has_read = Exists(StagedEmployee.objects.filter(run=OuterRef("pk")))
    reads = Run.objects.filter(has_read, lane=lane_of(BUILTIN, source), planned_at__isnull=False)
    last = reads.order_by("-number").first()
    whole = reads.filter(complete=True).order_by("-number").first()
    runs = [read for read in (last, whole) if read is not None]
    known = StagedEmployee.objects.filter(run__in=runs, employee_id__in=employee_ids)
    # the later one last, so that its word counts
    rows = known.order_by("run__number").values_list("employee_id", "record")
    statuses = {employee_id: record.get("status") for employee_id, record in rows}
    return [key for key, status in statuses.items() if status_word(status) in WORKING]


def _left_alone(change: Change, reason: Reason | None) -> Change:
    if reason is None:
        return change
    return replace(
        Change(Kind.SKIP, change.employee_id, change.name, change.email, reason),
        user_id=change.user_id,
        wave=change.wave,
        row=change.row,
    )
