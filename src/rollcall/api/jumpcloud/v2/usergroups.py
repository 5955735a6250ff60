"""`/api/v2/usergroups`: user groups and their members (JumpCloud v2)."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from rollcall.api import lookalikes, versions
from rollcall.api.auth import actor_of
from rollcall.api.jumpcloud.constants import Constant
from rollcall.api.jumpcloud.errors import ALREADY_EXISTS, Problem, bad_request, not_found
from rollcall.api.jumpcloud.query import DEFAULT_LIMIT, Columns, names, ordering, paged
from rollcall.api.jumpcloud.refusals import messages, problem_of
from rollcall.api.jumpcloud.response_schemas import Connection, Group, Message, Reached
from rollcall.api.jumpcloud.responses import answer, no_content, page
from rollcall.api.jumpcloud.v1.users import REFUSALS, organization, the_user
from rollcall.api.jumpcloud.v2.listing import condition, words
from rollcall.core.labels import GROUP_LIMITS
from rollcall.directory import services
from rollcall.directory.models import Membership, UserGroup
from rollcall.directory.services import GroupChange, GroupResult, NewGroup, Refused

router = Router(tags=["User groups"])
COLUMNS: Final[Columns] = {
    "id": "id",
    "name": "name",
    "description": "description",
    # The vendor's groups have one; here it is always empty, and can still be asked for.
    "email": Constant(""),
    "type": Constant("user_group"),
    "membershipMethod": Constant("STATIC"),
}
STATIC = frozenset({None, "NOTSET", "STATIC"})


class GroupBody(BaseModel):
    """A user group as clients send one."""

    name: Annotated[
        str, Field(json_schema_extra={"minLength": 1, "maxLength": GROUP_LIMITS["name"]})
    ]
    description: (
        Annotated[str, Field(json_schema_extra={"maxLength": GROUP_LIMITS["description"]})] | None
    ) = None
    membershipMethod: (
        Literal["NOTSET", "STATIC", "DYNAMIC_REVIEW_REQUIRED", "DYNAMIC_AUTOMATED"] | None
    ) = None


class Operation(BaseModel):
    """One edge of the graph to add or remove."""

    op: Literal["add", "remove", "update"]
    type: str
    id: str = Field(max_length=64)


@router.get("/usergroups", response={200: list[Group], **REFUSALS})
def list_groups(
    request: HttpRequest,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
    sort: Query[list[str]] = [],  # noqa: B006 - ninja copies it
    fields: Query[list[str]] = [],  # noqa: B006 - ninja copies it
    filter: Query[list[str]] = [],  # noqa: B006 - ninja copies it
) -> HttpResponse:
    """A page of user groups; the total is in `x-total-count`."""
    groups = UserGroup.objects.filter(condition(filter, COLUMNS))
    rows = paged(groups.order_by(*ordering(words(sort), COLUMNS)), limit, skip)
    owner = organization()
    return page([_only(words(fields), shown(group, owner)) for group in rows], groups.count())


@router.post("/usergroups", response={201: Group, 409: Message, **REFUSALS})
def create_group(request: HttpRequest, payload: GroupBody) -> HttpResponse:
    """Make a user group."""
    _static(payload)
    new = NewGroup(payload.name, payload.description or "")
    (made,) = services.create_groups(actor_of(request), [new])
    group = _written(made)
    response = answer(shown(group, organization()), 201)
    lookalikes.warn_of_name(request, group, response)
    return response


@router.get("/usergroups/{id}", response={200: Group, 404: Message, **REFUSALS})
def read_group(request: HttpRequest, id: str) -> HttpResponse:
    """One user group."""
    group = the_group(id)
    tag = versions.tag_of_updated(group)
    if versions.is_known(request, tag):
        return versions.not_modified(tag)
    return versions.tagged(answer(shown(group, organization())), tag)


@router.put("/usergroups/{id}", response={200: Group, 404: Message, 409: Message, **REFUSALS})
def change_group(request: HttpRequest, id: str, payload: GroupBody) -> HttpResponse:
    """Rename or describe a user group."""
    group = the_group(id)
    versions.check(request, UserGroup.objects.filter(pk=id), versions.tag_of_updated)
    _static(payload)
    values = {"name": payload.name}
    # Sent empty is emptied, and left out stays: a client that renames need not know the
    # description.
    if "description" in payload.model_fields_set:
        values["description"] = payload.description or ""
    (changed,) = services.update_groups(actor_of(request), [GroupChange(group.pk, values)])
    written = _written(changed)
    response = answer(shown(written, organization()))
    if written.name != group.name:
        lookalikes.warn_of_name(request, written, response)
    return versions.tagged(response, versions.tag_of_updated(written))


@router.delete("/usergroups/{id}", response={200: Group, 404: Message, **REFUSALS})
def delete_group(request: HttpRequest, id: str) -> HttpResponse:
    """Delete a user group; its members stay."""
    gone = shown(the_group(id), organization())
    versions.check(request, UserGroup.objects.filter(pk=id), versions.tag_of_updated)
    (deleted,) = services.delete_groups(actor_of(request), [id])
    _written(deleted)
    return answer(gone)


@router.get("/usergroups/{group_id}/members", response={200: list[Connection], **REFUSALS})
def list_members(
    request: HttpRequest, group_id: str, limit: int = DEFAULT_LIMIT, skip: int = 0
) -> HttpResponse:
    """The group's members."""
    memberships = Membership.objects.filter(group=the_group(group_id))
    ids = paged(memberships.order_by("id"), limit, skip).values_list("user_id", flat=True)
    return page([{"to": {"type": "user", "id": user_id}} for user_id in ids], memberships.count())


@router.post("/usergroups/{group_id}/members", response={409: Message, 404: Message, **REFUSALS})
def change_member(request: HttpRequest, group_id: str, payload: Operation) -> HttpResponse:
    """Put one user into the group or take one out."""
    group = held(the_group(group_id))
    if payload.type != "user":
        raise bad_request("Bad Request: the members of a user group are of type user")
    user = the_user(payload.id)
    actor = actor_of(request)
    # Not taken for done: the vendor answers what was bound already with 409 as well.
    if payload.op == "add" and not services.set_members(actor, group, add=[user.id]):
        raise Problem(409, ALREADY_EXISTS)
    if payload.op == "remove" and not services.set_members(actor, group, remove=[user.id]):
        raise not_found()
    return no_content()


@router.get("/usergroups/{group_id}/membership", response={200: list[Reached], **REFUSALS})
def list_membership(
    request: HttpRequest,
    group_id: str,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
    filter: Query[list[str]] = [],  # noqa: B006 - ninja copies it
    sort: Query[list[str]] = [],  # noqa: B006 - ninja copies it
) -> HttpResponse:
    """Every user that is in the group, with the way there."""
    columns = edge_columns("user", "user_id")
    memberships = Membership.objects.filter(condition(filter, columns), group=the_group(group_id))
    order = ordering(words(sort), columns)
    ids = paged(memberships.order_by(*order), limit, skip).values_list("user_id", flat=True)
    return page([reached("user", user_id, [[user_id]]) for user_id in ids], memberships.count())


def the_group(group_id: str) -> UserGroup:
    """The user group with this id.

    Raises:
        Problem: 404 where there is none.
    """
    usable = "\0" not in group_id
    group = UserGroup.objects.filter(pk=group_id).first() if usable else None
    if group is None:
        raise not_found()
    return group


def held(group: UserGroup) -> UserGroup:
    """The group, which nobody else changes the members or bindings of until this request ends.

    Raises:
        Problem: 404 where somebody else has just deleted it.
    """
    locked = UserGroup.objects.select_for_update().filter(pk=group.pk).first()
    if locked is None:
        raise not_found()
    return locked


def shown(group: UserGroup, owner: str) -> dict[str, Any]:
    """The user group in the vendor's form."""
    return {
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "email": "",
        "type": "user_group",
        "attributes": {},
        "membershipMethod": "STATIC",
        "organizationObjectId": owner,
    }


def reached(
    kind: str, target: str, ways: list[list[str]], through: str = "user_group"
) -> dict[str, Any]:
    """An object of the graph; each way is the ids that lead to it, the object's own last."""
    paths = []
    for way in ways:
        kinds = [through] * (len(way) - 1) + [kind]
        pairs = zip(kinds, way, strict=True)
        paths.append([{"to": {"type": kind_, "id": id_}} for kind_, id_ in pairs])
    return {"id": target, "type": kind, "paths": paths, "compiledAttributes": {}}


def edge_columns(kind: str, column: str) -> Columns:
    """The fields that objects of this kind are filtered by where edges lead to them."""
    return {"object_id": column, "id": column, "type": Constant(kind)}


def _only(fields: str, made: dict[str, Any]) -> dict[str, Any]:
    wanted = set(names(fields)) & made.keys()
    return {name: value for name, value in made.items() if name in wanted} if wanted else made


def _static(given: GroupBody) -> None:
    if given.membershipMethod not in STATIC:
        raise bad_request("Bad Request: this directory serves no dynamic groups")


def _written(result: GroupResult) -> UserGroup:
    if isinstance(result, Refused):
        invalid = [refusal for refusal in result.refusals if refusal.code not in ("taken", "gone")]
        if invalid:
            raise bad_request(f"Bad Request: {'; '.join(messages(invalid))}")
        raise problem_of(result, taken=ALREADY_EXISTS)
    return result
