"""What imports keep of a person: what the source said, what was planned, and who started runs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from rollcall.core import emails
from rollcall.core.actor import Actor
from rollcall.core.errors import Problem
from rollcall.imports import tombstones
from rollcall.imports.models import (
    ACTIVE_STATES,
    ChangeRecord,
    Connection,
    Run,
    RunState,
    StagedEmployee,
    UploadedFile,
)
from rollcall.privacy.mentions import erase_mentions, mentioning
from rollcall.privacy.registry import Impersonal, PersonalRecords, Rows, Statement
from rollcall.privacy.subject import Subject

JSON_OF_CHANGES = ("fields", "manager", "with_whom", "reason", "warnings", "error")


class RunInTheWay(Problem):
    """A run that has not ended still needs what it noted of the person."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"import {number} has not ended and has this person in it: let it end (what waits in "
            f"review, with `rollcall import --run {number}`) or cancel it in the portal, and erase "
            "the person then"
        )
        self.number = number


def _identify(text: str) -> Iterable[Subject]:
    """People whom only an import knows: nobody made them a user, or the user is gone."""
    # The last colon: the key of an account has one itself.
    account, _, employee = text.rpartition(":")
    at_source = Q(employee_id=employee)
    if account:
        at_source &= Q(run__connection__key=account)
    changes = ChangeRecord.objects.filter(at_source | Q(email=emails.normalize(text)))
    rows = changes.values_list("run__connection__key", "employee_id", "user_id", "email")
    for key, employee_id, user_id, email in rows.distinct().order_by("employee_id"):
        yield Subject(
            user_id=user_id,
            emails=frozenset({email.lower()} if email else ()),
            identities=frozenset({(key, employee_id)}),
        )


def _at_sources(subject: Subject) -> Q:
    condition = Q(pk__in=())
    for source, employee_id in subject.identities:
        condition |= Q(run__connection__key=source, employee_id=employee_id)
    return condition


def _changes(subject: Subject) -> QuerySet[ChangeRecord]:
    about = _at_sources(subject) | Q(email__in=subject.emails)
    return ChangeRecord.objects.filter(
        about | Q(user_id=subject.user_id) if subject.user_id else about
    )


def _rows(subject: Subject) -> Rows:
    changes = _changes(subject)
    mentions = mentioning(ChangeRecord.objects.all(), JSON_OF_CHANGES, subject.words)
    records = mentioning(StagedEmployee.objects.all(), ("record",), subject.words)
    return (
        StagedEmployee.objects.filter(_at_sources(subject) | Q(pk__in=records.values("pk"))),
        ChangeRecord.objects.filter(
            Q(pk__in=changes.values("pk")) | Q(pk__in=mentions.values("pk"))
        ),
    )


def _erase(subject: Subject, actor: Actor) -> int:
    """Delete the person's own rows, and take mentions out of those of others."""
    _refuse_while_needed(subject)
    rows = StagedEmployee.objects.filter(_at_sources(subject)).delete()[0]
    rows += _changes(subject).delete()[0]
    rows += erase_mentions(StagedEmployee.objects.all(), ("record",), subject.words)
    rows += sum(_erase_id(source, employee_id) for source, employee_id in subject.identities)
    # whether the person is in a file that waits cannot be seen while it is sealed
    rows += UploadedFile.objects.all().delete()[0]
    tombstones.put_up(subject.identities)
    return rows + erase_mentions(ChangeRecord.objects.all(), JSON_OF_CHANGES, subject.words)


def _erase_id(source: str, employee_id: str) -> int:
    """Take the person's id out of what stands about others of the source: those who report to
    them, and those who claim what is theirs. An id is short: elsewhere it may mean anything."""
    reports = StagedEmployee.objects.filter(
        run__connection__key=source, record__supervisor__id=employee_id
    )
    others = ChangeRecord.objects.filter(run__connection__key=source)
    rows = erase_mentions(others, ("manager", "with_whom"), {employee_id})
    unknown = list(reports)
    for row in unknown:
        del row.record["supervisor"]  # left out is unknown, and changes nobody's manager
    StagedEmployee.objects.bulk_update(unknown, ["record"], batch_size=500)
    return rows + len(unknown)


def _refuse_while_needed(subject: Subject) -> None:
    """Raises RunInTheWay: a run that is at work or in review has the person in it."""
    concerned = [
        rows.values("run")
        for rows in _rows(subject)
        if rows.model in (StagedEmployee, ChangeRecord)
    ]
    waiting = Run.objects.filter(state__in=(*ACTIVE_STATES, RunState.REVIEW))
    runs = [run for rows in concerned for run in waiting.filter(pk__in=rows)]
    # what it will read is not known yet
    accounts = {source for source, _ in subject.identities}
    runs += Run.objects.filter(state=RunState.FETCHING, connection__key__in=accounts)
    if runs:
        raise RunInTheWay(runs[0].number)


def _starter_rows(subject: Subject) -> Rows:
    started = Q(started_by__in=subject.emails) | Q(notify_email__in=subject.emails)
    if subject.account_id:
        started |= Q(started_by_user=subject.account_id)
    return (
        Run.objects.filter(started),
        Connection.objects.filter(schedule_notify__in=subject.emails),
    )


def _erase_starter(subject: Subject, actor: Actor) -> int:
    runs, connections = _starter_rows(subject)
    rows = runs.count()
    for column in ("started_by", "notify_email"):
        Run.objects.filter((f"{column}__in", subject.emails)).update(**{column: ""})
    if subject.account_id:
        runs.filter(started_by_user=subject.account_id).update(started_by="", started_by_user=None)
    return rows + connections.update(schedule_notify="")


SETTINGS = (
    "imports.Connection.name",
    "imports.Connection.source",
    "imports.Connection.key",
    "imports.Connection.address",
    "imports.Connection.settings",
    "imports.Connection.target",
    "imports.Connection.sealed_credentials",
    "imports.Connection.options",
    "imports.Connection.schedule_language",
    "imports.Connection.portal_url",
)
OF_THE_RUN = (
    "imports.Run.executor",
    "imports.Run.lane",
    "imports.Run.address",
    "imports.Run.target",
    "imports.Run.organization",
    "imports.Run.state",
    "imports.Run.trigger",
    "imports.Run.options",
    "imports.Run.mapping_version",
    "imports.Run.counts",
    "imports.Run.warnings",
    "imports.Run.error_code",
    "imports.Run.error",
    "imports.Run.sealed_credentials",
    "imports.Run.language",
    "imports.Run.portal_url",
)

STATEMENT = Statement(
    records=(
        PersonalRecords(
            name="imported employees",
            columns=("imports.StagedEmployee", "imports.ChangeRecord"),
            rows=_rows,
            erase=_erase,
            identify=_identify,
            allow=_refuse_while_needed,
        ),
        PersonalRecords(
            name="who started and hears of imports",
            columns=(
                "imports.Run.started_by",
                "imports.Run.notify_email",
                "imports.Connection.schedule_notify",
            ),
            rows=_starter_rows,
            erase=_erase_starter,
            secret=frozenset({"sealed_credentials", "settings"}),
        ),
    ),
    impersonal=(
        Impersonal(SETTINGS, "an account of the organization, and how it is imported"),
        Impersonal(OF_THE_RUN, "how a run went, in counts and in sentences without a name"),
        Impersonal(
            ("imports.UploadedFile",), "a file of employees, sealed, for an hour until it is read"
        ),
        Impersonal(("imports.BatchRecord",), "names and jobs of batches"),
        Impersonal(("imports.Tombstone",), "a keyed digest, from which nobody can be read"),
        Impersonal(
            ("imports.TargetChoice", "imports.TargetAccount"), "where imports go, sealed keys"
        ),
    ),
)
