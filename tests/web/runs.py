"""Runs of the portal's tests, in whatever state a test needs."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from rollcall.imports.accounting import count
from rollcall.imports.models import ChangeRecord, Run, RunState
from tests.web.world import World

KINDS = ("create", "update", "suspend", "conflict", "unchanged")
NEW = {"code": "new", "params": {"status": "active"}}


def in_review(world: World, people: int = 10) -> Run:
    """A run of the world's application that waits for its review; every kind comes in turn."""
    person = world.people["administrator"]
    run = Run.objects.create(
        number=world.run.number + 1,
        connection=world.run.connection,
        trigger="portal",
        started_by=person.email,
        started_by_user=person,
        notify_email=person.email,
        state=RunState.REVIEW,
        review=True,
        fetched=people,
        expected=people,
        complete=True,
    )
    ChangeRecord.objects.bulk_create(_change(run, seq) for seq in range(people))
    run.counts = count(run.pk, "kind")
    run.save()
    return run


def at_work(world: World, done: int, people: int = 10) -> Run:
    """The same run while its changes are carried out; the first `done` people have a result."""
    run = in_review(world, people)
    for row in run.changes.all()[:done]:
        finish(row)
    run.state, run.to_apply, run.applied = RunState.APPLYING, people, done
    run.executor, run.approved_at = "somebody", timezone.now()
    run.save()
    return run


def finish(row: ChangeRecord) -> None:
    """Give this person a result, a moment after those before."""
    row.result = "created"
    row.finished_at = timezone.now() + timedelta(milliseconds=row.seq)
    row.save()


def _change(run: Run, seq: int) -> ChangeRecord:
    kind = KINDS[seq % len(KINDS)]
    fields = {
        "create": [["username", None, f"noor.{seq}"], ["manager", None, None]],
        "update": [["department", "Sales", "Finance"]],
        "suspend": [["state", "ACTIVATED", "SUSPENDED"]],
    }
    return ChangeRecord(
        run=run,
        seq=seq,
        kind=kind,
        employee_id=str(1000 + seq),
        name=f"Noor Haddad {seq}",
        sort_name=f"noor haddad {seq}",
        email=f"noor.{seq}@example.com",
        fields=fields.get(kind, []),
        manager={"user_id": None, "employee_id": "1001"} if kind == "create" else None,
        reason=NEW,
    )
