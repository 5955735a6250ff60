"""`/api/v2/applications/…/import`: employees to import, imports started, and how they went.

The vendor documents the start of an import and its results by their paths only; a job is a run of
ours, its id the first 24 digits of the run's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Router
from pydantic import BaseModel

from rollcall.api.auth import actor_of
from rollcall.api.jumpcloud.errors import Problem, bad_request, not_found
from rollcall.api.jumpcloud.moments import moment
from rollcall.api.jumpcloud.query import DEFAULT_LIMIT, check_page, paged
from rollcall.api.jumpcloud.response_schemas import (
    ImportResult,
    JobId,
    Message,
    ToImport,
    UserToImport,
)
from rollcall.api.jumpcloud.responses import answer, page
from rollcall.api.jumpcloud.v1.applications import the_application
from rollcall.api.jumpcloud.v1.users import REFUSALS
from rollcall.core import searching
from rollcall.core.sealing import SealBroken
from rollcall.database.letters import HoldsMoreThanAscii
from rollcall.database.spellings import spelled
from rollcall.directory import services
from rollcall.directory.models import Organization
from rollcall.directory.services import GONE, Refused
from rollcall.imports import dispatch, runs
from rollcall.imports.errors import Overlap, Unfit
from rollcall.imports.models import ChangeRecord, Connection, Run, StagedEmployee
from rollcall.imports.open_targets import require
from rollcall.imports.options import Options
from rollcall.imports.presenter import Names, why
from rollcall.imports.source_accounts import source_of, unseal_account
from rollcall.provisioning.desired_user import Reader, Wanted
from rollcall.provisioning.employee import Supervisor, from_record
from rollcall.provisioning.usernames import username_base
from rollcall.targets.errors import TargetError

router = Router(tags=["Imports"])
OPERATIONS: Final = frozenset({"users.create", "users.update"})
SORTED: Final = {"firstname": "first_name", "lastname": "last_name", "email": "email"}
MOST_ALIKE: Final = 50_000
"""How many employees with letters beyond ASCII one search looks at."""
SHOWN: Final = frozenset(UserToImport.model_fields)


class ImportStart(BaseModel):
    """How to import: the vendor's body."""

    allowUserReactivation: bool | None = None
    operations: list[str] | None = None
    queryString: str | None = None


@router.get(
    "/applications/{application_id}/import/users",
    response={200: ToImport, 404: Message, **REFUSALS},
)
def list_users_to_import(
    request: HttpRequest,
    application_id: str,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
    filter: str = "",
    query: str = "",
    sort: Literal["", "firstname", "lastname", "email"] = "",
    sortOrder: Literal["asc", "desc"] = "asc",
    sessionId: str = "",
    isCount: bool = False,
    isCursor: bool = False,
    cursor: str = "",
) -> HttpResponse:
    """The employees that the application's newest import read, as users to import."""
    newest = _newest_read(_connection(application_id))
    employees = StagedEmployee.objects.filter(run=newest)
    employees = employees.filter(_named(employees, filter))
    total = employees.count()
    skip = _place(cursor) if isCursor and cursor else skip
    check_page(limit, skip)
    order = f"record__{SORTED[sort]}" if sort else "id"
    rows = employees.order_by(f"-{order}" if sortOrder == "desc" else order, "id")
    users = [] if isCount else _to_import(newest, paged(rows, limit, skip))
    # The cursor is the place of the next row, sent back as it is.
    after = skip + len(users)
    following = str(after) if isCursor and users and after < total else ""
    return answer(
        {"users": users, "total_count": total, "session_id": sessionId, "cursor": following}
    )


@router.post(
    "/applications/{application_id}/import/jobs",
    response={200: JobId, 404: Message, 409: Message, **REFUSALS},
)
def start_import(
    request: HttpRequest, application_id: str, payload: ImportStart | None = None
) -> HttpResponse:
    """Start an import with the credentials that are kept for the application's connection."""
    given = payload or ImportStart()
    connection = _connection(application_id)
    # The vendor can leave one out; to do more than was asked for is worse than to refuse.
    if given.operations is not None and set(given.operations) != OPERATIONS:
        raise bad_request("Bad Request: an import creates and updates users; name both operations")
    if given.queryString:
        raise bad_request("Bad Request: this directory imports every employee; no queryString")
    if connection.application is not None and not connection.application.active:
        raise bad_request("Bad Request: the application is inactive; it imports nothing")
    if not connection.sealed_credentials:
        raise bad_request("Bad Request: no credentials are kept for the application's imports")
    run = _start(request, connection, given)
    # a run that cannot be handed over now is found by a worker later
    transaction.on_commit(lambda: dispatch.enqueue(run), robust=True)
    return answer({"jobId": run.id.hex[:24]})


@router.get(
    "/applications/import/{job_id}/detailedresults",
    response={200: list[ImportResult], 404: Message, **REFUSALS},
)
def list_import_results(
    request: HttpRequest, job_id: str, limit: int = DEFAULT_LIMIT, skip: int = 0
) -> HttpResponse:
    """What became of every employee of an import; the import's own state is in `x-import-state`."""
    run = _run(job_id)
    changes = ChangeRecord.objects.filter(run=run).order_by("seq")
    shown, names = list(paged(changes, limit, skip)), Names(run)
    names.learn_reasons(shown)
    response = page([_result(change, run, names) for change in shown], changes.count())
    # The vendor documents no place for the state of the whole; without one a client would not know
    # when to stop asking.
    response["x-import-state"] = str(run.state)
    return response


@router.delete("/users/{user_id}/identities", response={204: None, 404: Message, **REFUSALS})
def unlink_user(request: HttpRequest, user_id: str, source: str = "") -> HttpResponse:
    """Let a user be nobody's at the account `source`, or at every one: the next import treats
    the user as somebody who was not imported (Rollcall's own; JumpCloud has nothing like it)."""
    [result] = services.unlink_users(actor_of(request), [user_id], source)
    if isinstance(result, Refused):
        why = "is not linked to an employee" if result is not GONE else "does not exist"
        raise Problem(404, f"Not Found: the user {why}")
    return HttpResponse(status=204)


def _connection(application_id: str) -> Connection:
    connection = Connection.objects.filter(application=the_application(application_id)).first()
    if connection is None:
        raise Problem(404, "Not Found: the application brings no employees")
    return connection


def _start(request: HttpRequest, connection: Connection, given: ImportStart) -> Run:
    options = Options.from_record(connection.options).unattended()
    if given.allowUserReactivation is not None:
        options = replace(options, reactivation_allowed=given.allowUserReactivation)
    try:
        account = unseal_account(connection.sealed_credentials)
        require(connection.target)
    except SealBroken:
        raise bad_request("Bad Request: the kept credentials do not open; keep them anew") from None
    except (Unfit, TargetError) as error:
        raise bad_request(f"Bad Request: {error}") from None
    asked = runs.Request(
        connection=connection,
        account=account,
        starter=runs.Starter(actor_of(request)),
        options=options,
    )
    try:
        return runs.start_anywhere(asked)
    except Overlap:
        raise Problem(409, "An import of this application is at work") from None


def _newest_read(connection: Connection) -> Run | None:
    """The connection's newest run for which anybody was read."""
    runs_with_people = Run.objects.filter(
        Exists(StagedEmployee.objects.filter(run=OuterRef("pk"))), connection=connection
    )
    return runs_with_people.order_by("-number").first()


def _named(employees: QuerySet[StagedEmployee], text: str) -> Q:
    """The condition that a name or the e-mail holds the text, neither case nor accents counting."""
    condition = Q()
    if text:
        condition = Q(pk__in=_alike(employees, searching.words(text)))
        for key in SORTED.values():
            condition |= spelled(f"record__{key}", "contains", text)
            condition |= spelled(f"record__{key}", "contains", searching.searchable(text))
    return condition


def _alike(employees: QuerySet[StagedEmployee], words: Sequence[str]) -> list[int]:
    """Of those with letters beyond ASCII the ones who are called so: the others are found as they
    are written."""
    texts = {key: KT(f"record__{key}") for key in SORTED.values()}
    rows = employees.annotate(**texts).order_by()
    beyond = Q(pk__in=())
    for key in texts:
        beyond |= Q(HoldsMoreThanAscii(key))
    named = rows.filter(beyond).values_list("pk", *texts)[:MOST_ALIKE]
    folded = ((pk, searching.joined(names)) for pk, *names in named.iterator(chunk_size=1000))
    return [pk for pk, text in folded if words and all(word in text for word in words)]


def _place(cursor: str) -> int:
    if not cursor.isdecimal() or len(cursor) > 9:
        raise bad_request("Bad Request: the cursor is not one of ours")
    return int(cursor)


def _to_import(run: Run | None, rows: Iterable[StagedEmployee]) -> list[dict[str, Any]]:
    """These employees as the run's own attribute mapping makes users of them."""
    if run is None:
        return []
    reader = Reader(Options.from_record(run.options).mapping())
    length = Organization.the().username_length
    return [_user_to_import(reader.want(from_record(row.record)), length) for row in rows]


def _user_to_import(wanted: Wanted, username_length: int) -> dict[str, Any]:
    user = {"id": wanted.keys.id, **dict(wanted.values())}
    if email := wanted.keys.claimed_email:
        user |= {"email": email, "username": username_base(email, username_length)}
    if isinstance(wanted.keys.supervisor, Supervisor):
        user["manager"] = wanted.keys.supervisor.email or wanted.keys.supervisor.id
    return {name: value for name, value in user.items() if value and name in SHOWN}


def _run(job_id: str) -> Run:
    try:
        # A range and not a prefix: the two engines store a UUID differently, and both order it so.
        first, last = UUID(job_id + "0" * 8), UUID(job_id + "f" * 8)
    except ValueError:
        raise not_found() from None
    run = Run.objects.filter(pk__gte=first, pk__lte=last).first()
    if run is None:
        raise not_found()
    return run


def _result(change: ChangeRecord, run: Run, names: Names) -> dict[str, Any]:
    return {
        "id": change.user_id or change.employee_id,
        "status": change.result or "pending",
        "statusMsg": _status_message(change, run, names),
        "createdAt": moment(run.started_at),
        "updatedAt": moment(change.finished_at or run.started_at),
        "meta": {"employeeId": change.employee_id, "kind": change.kind},
        "persistedFields": {"email": change.email} if change.email else {},
    }


def _status_message(change: ChangeRecord, run: Run, names: Names) -> str:
    """Why, in English: a client's language is not asked."""
    with translation.override("en"):
        return why(change, source_of(run), names)
