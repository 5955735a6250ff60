"""`/api/v2/bulk/users`: many users made or changed by one request (JumpCloud v2).

The work is done inside the request, in batches of one transaction each; the answer is a job, as at
the vendor, whose results tell of every user.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final, Literal, TypeVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, HeaderEx, P, Router
from pydantic import BaseModel, ValidationError

from rollcall.api import lookalikes
from rollcall.api.auth import actor_of
from rollcall.api.jumpcloud import writing
from rollcall.api.jumpcloud.errors import Problem, bad_request, not_found
from rollcall.api.jumpcloud.moments import moment
from rollcall.api.jumpcloud.query import DEFAULT_LIMIT, paged
from rollcall.api.jumpcloud.request_schemas import BulkUpdate, UserFields
from rollcall.api.jumpcloud.response_schemas import JobId, Message, WorkResult
from rollcall.api.jumpcloud.responses import answer, page
from rollcall.api.jumpcloud.v1.users import REFUSALS
from rollcall.api.models import BulkJob, BulkResult
from rollcall.directory.models import User
from rollcall.directory.organization import BULK, creation_state
from rollcall.jobs.forgetting import oldest

router = Router(tags=["Bulk"])
# A batch is one transaction: larger ones would hold SQLite's only lock for longer.
BATCH: Final = 100
LARGEST: Final = 10_000
KEPT_FOR: Final = timedelta(days=30)
"""How long results, which name people, can be read."""

FINISHED: Final = "finished"
FAILED: Final = "failed"
# Results are read by whoever may read the directory.
NOT_KEPT: Final = frozenset({"password"})
# JumpCloud v2, POST bulk/users: the values of the header, and its words for any other.
SOURCES: Final = tuple(
    f"jumpcloud:{name}"
    for name in ("gapps", "o365", "workday", "scim", "bulk", "custom_integration")
)

Item = TypeVar("Item", bound=UserFields)
Items = list[dict[str, Any]]


def _documented(model: type[BaseModel]) -> dict[str, Any]:
    """The body's description; each user is checked by itself, so ninja must not check the list."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    name = "NewUser" if model is UserFields else model.__name__
    properties = {key: {"description": f"see {name}"} for key in schema["properties"]}
    items = {"type": "object", "properties": properties}
    content = {"application/json": {"schema": {"type": "array", "items": items}}}
    return {"requestBody": {"required": True, "content": content}}


@router.post(
    "/bulk/users", response={200: JobId, **REFUSALS}, openapi_extra=_documented(UserFields)
)
def create_users(
    request: HttpRequest,
    payload: Body[Items],
    suppressEmail: bool = False,
    creation_source: HeaderEx[str, P(alias="creation-source")] = BULK,
) -> HttpResponse:
    """Make users; without `state` the `creation-source` header decides which default they get."""
    if creation_source not in SOURCES:
        raise bad_request("Bad Request: creation-source is malformed")
    state = creation_state(creation_source).value
    actor = actor_of(request)

    made: list[User] = []

    def write(batch: Sequence[UserFields]) -> list[writing.Written]:
        written = writing.create(batch, state, creation_source, actor)
        made.extend(user for user in written if isinstance(user, User))
        return written

    response = _job("create", creation_source, payload, UserFields, write)
    lookalikes.warn_of_emails(request, made, response)
    return response


@router.patch(
    "/bulk/users", response={200: JobId, **REFUSALS}, openapi_extra=_documented(BulkUpdate)
)
def change_users(
    request: HttpRequest,
    payload: Body[Items],
    suppressEmail: bool = False,
) -> HttpResponse:
    """Change users: of each the `id` and the fields to change, `state` too."""
    actor = actor_of(request)

    renamed: list[User] = []

    def write(batch: Sequence[BulkUpdate]) -> list[writing.Written]:
        written = writing.update([(change.id, change) for change in batch], actor)
        results = zip(batch, written, strict=True)
        renamed.extend(
            user for change, user in results if isinstance(user, User) and change.email is not None
        )
        return written

    response = _job("update", "", payload, BulkUpdate, write)
    lookalikes.warn_of_emails(request, renamed, response)
    return response


@router.get(
    "/bulk/users/{job_id}/results", response={200: list[WorkResult], 404: Message, **REFUSALS}
)
def list_results(
    request: HttpRequest, job_id: str, limit: int = DEFAULT_LIMIT, skip: int = 0
) -> HttpResponse:
    """What became of every user of a job; `status` is `finished` or `failed`."""
    job = BulkJob.objects.filter(pk=job_id).first() if "\0" not in job_id else None
    if job is None:
        raise not_found()
    results = job.results.order_by("seq")
    return page([_shown(result) for result in paged(results, limit, skip)], results.count())


def _job(
    kind: Literal["create", "update"],
    creation_source: str,
    items: Items,
    model: type[Item],
    write: Callable[[Sequence[Item]], list[writing.Written]],
) -> HttpResponse:
    if len(items) > LARGEST:
        raise Problem(413, f"Payload Too Large: more than {LARGEST} users")
    # Here and not by a chore: where nobody sends bulk requests there is nothing to clear away.
    late = BulkJob.objects.filter(created__lt=timezone.now() - KEPT_FOR)
    oldest(late, of=BulkJob.objects.all(), by="created").delete()
    job = BulkJob.objects.create(kind=kind, creation_source=creation_source)
    for start in range(0, len(items), BATCH):
        with transaction.atomic():
            _carry_out(job, start, items[start : start + BATCH], model, write)
    return answer({"jobId": job.id})


def _carry_out(
    job: BulkJob,
    start: int,
    items: Items,
    model: type[Item],
    write: Callable[[Sequence[Item]], list[writing.Written]],
) -> None:
    # Each by itself, as the vendor does: one bad user must not refuse the other ninety-nine.
    read = [_read(item, model) for item in items]
    written = iter(write([user for user in read if not isinstance(user, Problem)]))
    results = [user if isinstance(user, Problem) else next(written) for user in read]
    rows = [
        _result(job, start + place, item, result)
        for place, (item, result) in enumerate(zip(items, results, strict=True))
    ]
    BulkResult.objects.bulk_create(rows)


def _read(item: dict[str, Any], model: type[Item]) -> Item | Problem:
    try:
        return model.model_validate(item)
    except ValidationError as error:
        return Problem(400, *(_told(detail) for detail in error.errors()))


def _told(error: Any) -> str:
    return f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}"


def _result(job: BulkJob, seq: int, item: dict[str, Any], result: writing.Written) -> BulkResult:
    if isinstance(result, Problem):
        return BulkResult(
            job=job,
            seq=seq,
            # Of somebody who was not made there is no id; a client finds the entry by what it sent.
            user_id=_named(item, "id")[:24] if job.kind == "update" else "",
            status=FAILED,
            statusMsg="; ".join(result.messages)[:1024],
            persistedFields={
                key: text[:1024] for key in ("username", "email") if (text := _named(item, key))
            },
        )
    # The values as they were sent, and of what the directory may have changed, as it is stored.
    persisted = {
        **{key: value for key, value in item.items() if key in KEPT},
        "username": result.username,
        "email": result.email,
        "state": result.state,
    }
    return BulkResult(
        job=job, seq=seq, user_id=result.id, status=FINISHED, persistedFields=persisted
    )


KEPT: Final = frozenset(UserFields.model_fields) - NOT_KEPT - {"suspended", "activated"}


def _named(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _shown(result: BulkResult) -> dict[str, Any]:
    when = moment(result.created)
    return {
        "id": result.user_id or result.result_id,
        "status": result.status,
        "statusMsg": result.statusMsg,
        "createdAt": when,
        "updatedAt": when,
        "meta": {"userId": result.user_id} if result.user_id else {},
        "persistedFields": result.persistedFields,
    }
