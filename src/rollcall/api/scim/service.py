"""`/scim/v2`: users, groups and what the service says of itself (RFC 7644)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router
from scim2_models import (
    Context,
    ForbiddenException,
    InvalidFilterException,
    ListResponse,
    NotFoundException,
    PatchOp,
    ResponseParameters,
    SearchRequest,
)

from rollcall.accounts.portal_address import absolute
from rollcall.api import lookalikes, versions
from rollcall.api.auth import actor_of
from rollcall.api.jumpcloud.query import FARTHEST
from rollcall.api.jumpcloud.responses import answer, no_content, read
from rollcall.api.jumpcloud.writing import delete as delete_directory_user
from rollcall.api.models import ScimGroupRecord, ScimRecord
from rollcall.api.scim import bounds, bulk, edges, reading, tolerance, writing
from rollcall.api.scim.description import (
    QUERY,
    SCIM_JSON,
    SEARCH_BODY,
    body,
    no_answer,
    page,
    search,
    single_resource,
)
from rollcall.api.scim.filters import GROUP_COLUMNS, USER_COLUMNS, Columns, ToCondition
from rollcall.api.scim.group_patch import patched
from rollcall.api.scim.resources import CONFIG, MAXIMUM_RESULTS, POLICY, PROVIDER, Group, ScimUser
from rollcall.directory import services
from rollcall.directory.models import Organization, User, UserGroup

router = Router(tags=["SCIM"])
PREFIX: Final = "/scim/v2"


@router.get("/ServiceProviderConfig", openapi_extra=single_resource("ServiceProviderConfig"))
def service_provider_config(request: HttpRequest) -> HttpResponse:
    """What this service can do."""
    return _shown(CONFIG, f"{base(request)}/ServiceProviderConfig", "ServiceProviderConfig")


@router.get("/ResourceTypes", openapi_extra=page("ResourceType"))
def resource_types(request: HttpRequest) -> HttpResponse:
    """The types of resources: User and Group."""
    return _discovered(request, "ResourceTypes", PROVIDER.resource_types)


@router.get("/ResourceTypes/{name}", openapi_extra=single_resource("ResourceType"))
def resource_type(request: HttpRequest, name: str) -> HttpResponse:
    """One type of resources."""
    return _discovered(request, "ResourceTypes", PROVIDER.resource_types, name)


@router.get("/Schemas", openapi_extra=page("Schema"))
def schemas(request: HttpRequest) -> HttpResponse:
    """The attributes of every resource."""
    return _discovered(request, "Schemas", PROVIDER.schemas)


@router.get("/Schemas/{name}", openapi_extra=single_resource("Schema"))
def schema(request: HttpRequest, name: str) -> HttpResponse:
    """The attributes of one resource."""
    return _discovered(request, "Schemas", PROVIDER.schemas, name)


@router.post("/.search", openapi_extra={**page("User or group"), "requestBody": SEARCH_BODY})
def search_everything(request: HttpRequest) -> HttpResponse:
    """A page of users and groups, the users first."""
    asked = _asked(read(request), ScimUser | Group)
    users = _some(User.objects.order_by("id"), asked, USER_COLUMNS)
    groups = _some(UserGroup.objects.order_by("id"), asked, GROUP_COLUMNS)
    # One list of two tables: the page goes on among the groups where the users end.
    (rows, people), (_, teams) = _page(users, asked), _page(groups, asked)
    start = max(min((asked.start_index or 1) - 1, FARTHEST) - people, 0)
    shown = _shown_users(request, rows, asked)
    # Where not all of these users have a place in the answer, no group comes before the next ones.
    room = _count(asked) - len(rows) if len(shown) == len(rows) else 0
    more = _shown_groups(request, groups[start : start + room], asked)
    return _list([*shown, *more], people + teams, asked.start_index or 1)


@router.get("/Users", openapi_extra=search("User"))
def list_users(request: HttpRequest) -> HttpResponse:
    """A page of users that fit a filter."""
    return _users(request, _asked(_query(request), ScimUser))


@router.post("/Users", openapi_extra=body("User", 201))
def create_user(request: HttpRequest) -> HttpResponse:
    """Make a user."""
    payload = _completed(tolerance.user_resource(read(request)), Organization.the().manualEntry)
    context = Context.RESOURCE_CREATION_REQUEST
    resource = ScimUser.model_validate(payload, scim_ctx=context, scim_policy=POLICY)
    user = writing.create_user(resource, actor_of(request))
    response = _created(reading.users([user], base(request))[0])
    lookalikes.warn_of_emails(request, [user], response)
    return response


@router.post("/Users/.search", openapi_extra={**page("User"), "requestBody": SEARCH_BODY})
def search_users(request: HttpRequest) -> HttpResponse:
    """A page of users, asked for by a body."""
    return _users(request, _asked(read(request), ScimUser))


@router.get("/Users/{id}", openapi_extra=single_resource("User"))
def read_user(request: HttpRequest, id: str) -> HttpResponse:
    """One user."""
    return _outlined(request, reading.user_outlines([_user(id)], base(request))[0], ScimUser)


@router.put("/Users/{id}", openapi_extra=body("User"))
def replace_user(request: HttpRequest, id: str) -> HttpResponse:
    """Replace all that a user is."""
    user = _user(id)
    _check_user(request, id)
    context = Context.RESOURCE_REPLACEMENT_REQUEST
    content = tolerance.user_resource(read(request), user.manager_id)
    payload = _completed(content, user.state)
    resource = ScimUser.model_validate(payload, scim_ctx=context, scim_policy=POLICY)
    # Checks what must not change (RFC 7644, 3.5.1) against the user as it is.
    resource.replace(reading.users([user], base(request))[0])
    return _replace(request, user, resource)


@router.patch("/Users/{id}", openapi_extra=body("PatchOp", answers="User"))
def patch_user(request: HttpRequest, id: str) -> HttpResponse:
    """Change single attributes of a user."""
    user = _user(id)
    _check_user(request, id)
    resource = reading.users([user], base(request))[0]
    content = tolerance.user_patch(read(request), user.manager_id)
    if _patch(ScimUser, content).patch(resource, scim_policy=POLICY):
        return _replace(request, user, resource)
    return _resource_response(request, reading.users([user], base(request))[0], ScimUser)


@router.delete("/Users/{id}", openapi_extra=no_answer())
def delete_user(request: HttpRequest, id: str) -> HttpResponse:
    """Delete a user; its reports are left without a manager."""
    user = _user(id)
    _check_user(request, id)
    delete_directory_user(user, None, actor_of(request))
    return no_content()


@router.get("/Groups", openapi_extra=search("Group"))
def list_groups(request: HttpRequest) -> HttpResponse:
    """A page of groups that fit a filter; `excludedAttributes=members` spares the members."""
    return _groups(request, _asked(_query(request), Group))


@router.post("/Groups", openapi_extra=body("Group", 201))
def create_group(request: HttpRequest) -> HttpResponse:
    """Make a group."""
    context = Context.RESOURCE_CREATION_REQUEST
    resource = Group.model_validate(read(request), scim_ctx=context, scim_policy=POLICY)
    group = writing.write_group(None, resource, actor_of(request))
    response = _created(reading.groups([_group(group.pk)], base(request))[0])
    lookalikes.warn_of_name(request, group, response)
    return response


@router.post("/Groups/.search", openapi_extra={**page("Group"), "requestBody": SEARCH_BODY})
def search_groups(request: HttpRequest) -> HttpResponse:
    """A page of groups, asked for by a body."""
    return _groups(request, _asked(read(request), Group))


@router.get("/Groups/{id}", openapi_extra=single_resource("Group"))
def read_group(request: HttpRequest, id: str) -> HttpResponse:
    """One group."""
    return _outlined(request, reading.group_outlines([_group(id)], base(request))[0], Group)


@router.put("/Groups/{id}", openapi_extra=body("Group"))
def replace_group(request: HttpRequest, id: str) -> HttpResponse:
    """Replace a group's name and members."""
    group = _group(id)
    _check_group(request, id)
    context = Context.RESOURCE_REPLACEMENT_REQUEST
    resource = Group.model_validate(read(request), scim_ctx=context, scim_policy=POLICY)
    resource.replace(reading.groups([group], base(request))[0])
    return _write_group(request, group, resource)


@router.patch("/Groups/{id}", openapi_extra=body("PatchOp", answers="Group"))
def patch_group(request: HttpRequest, id: str) -> HttpResponse:
    """Rename a group, add and remove members; 204, since an answer would name all members.

    Where the address asks for `attributes`, the answer has these.
    """
    group = _group(id)
    content = tolerance.group_patch(read(request))
    bounds.check_patch(content)
    # Before the transaction: it takes long for a large group, and SQLite would be locked.
    change = patched(group, content, base(request))
    name = group.name
    with transaction.atomic():
        _check_group(request, id)
        if change:
            group = writing.patch_group(group, change, actor_of(request))
    if "attributes" in request.GET:
        shown = reading.groups([_group(id)], base(request))[0]
        response = _resource_response(request, shown, Group)
    else:
        response = versions.tagged(no_content(), _group_tag(_group(id)))
    if group.name != name:
        lookalikes.warn_of_name(request, group, response)
    return response


@router.delete("/Groups/{id}", openapi_extra=no_answer())
def delete_group(request: HttpRequest, id: str) -> HttpResponse:
    """Delete a group; its members stay."""
    group = _group(id)
    _check_group(request, id)
    (deleted,) = services.delete_groups(actor_of(request), [group.pk])
    if isinstance(deleted, services.Refused):
        raise NotFoundException(detail="No group has this id")
    return no_content()


@router.post("/Bulk", openapi_extra=body("Bulk", answers="Bulk"))
def carry_out_bulk(request: HttpRequest) -> HttpResponse:
    """Carry out many requests, each by itself; one that is refused does not stop the others."""
    content, warnings = bulk.carry_out(request, read(request), PREFIX, IN_BULK)
    response = answer(content, content_type=SCIM_JSON)
    lookalikes.pass_on(warnings, response)
    return response


IN_BULK: Final[bulk.Views] = {
    ("POST", "Users", False): create_user,
    ("PUT", "Users", True): replace_user,
    ("PATCH", "Users", True): patch_user,
    ("DELETE", "Users", True): delete_user,
    ("POST", "Groups", False): create_group,
    ("PUT", "Groups", True): replace_group,
    ("PATCH", "Groups", True): patch_group,
    ("DELETE", "Groups", True): delete_group,
}


def base(request: HttpRequest) -> str:
    """The address of this service: under `ROLLCALL_BASE_URL`, else as the client reaches it."""
    return absolute(PREFIX, request)


def _write_group(request: HttpRequest, group: UserGroup, resource: Group) -> HttpResponse:
    name = group.name
    written = writing.write_group(group, resource, actor_of(request))
    response = _resource_response(
        request, reading.groups([_group(written.pk)], base(request))[0], Group
    )
    if written.name != name:
        lookalikes.warn_of_name(request, written, response)
    return response


def _replace(request: HttpRequest, user: User, resource: Any) -> HttpResponse:
    email = user.email
    written = writing.replace_user(user, resource, actor_of(request))
    response = _resource_response(request, reading.users([written], base(request))[0], ScimUser)
    if written.email != email:
        lookalikes.warn_of_emails(request, [written], response)
    return response


def _completed(payload: Any, state: str) -> Any:
    """The payload with what clients may leave out: `active` as it is, the e-mail as userName."""
    if not isinstance(payload, dict):
        return payload
    name = payload.get("userName")
    # Some identity providers never send `active`, and mean that nothing changes.
    made = {"active": state == "ACTIVATED", **payload}
    if not payload.get("emails") and isinstance(name, str) and "@" in name:
        made["emails"] = [{"value": name, "primary": True}]
    return made


def _user(user_id: str) -> User:
    # No text of PostgreSQL can hold U+0000, so that nothing can have such an id.
    user = User.objects.filter(pk=user_id).first() if "\0" not in user_id else None
    if user is None:
        raise NotFoundException(detail="No user has this id")
    return user


def _group(group_id: str) -> UserGroup:
    group = UserGroup.objects.filter(pk=group_id).first() if "\0" not in group_id else None
    if group is None:
        raise NotFoundException(detail="No group has this id")
    return group


def _check_user(request: HttpRequest, user_id: str) -> None:
    versions.check(request, User.objects.filter(pk=user_id), _user_tag)


def _check_group(request: HttpRequest, group_id: str) -> None:
    versions.check(request, UserGroup.objects.filter(pk=group_id), _group_tag)


def _user_tag(user: User) -> str:
    return reading.user_version(user, ScimRecord.objects.filter(pk=user.pk).first())


def _group_tag(group: UserGroup) -> str:
    return reading.group_version(group, ScimGroupRecord.objects.filter(pk=group.pk).first())


def _query(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name, _ in QUERY if request.GET.get(name)}


def _asked(content: Any, model: Any) -> SearchRequest[Any]:
    bounds.check_query(content)
    asked: SearchRequest[Any] = SearchRequest[model].model_validate(content, scim_policy=POLICY)
    return asked


def _users(request: HttpRequest, asked: SearchRequest[Any]) -> HttpResponse:
    rows, total = _page(_matching(User.objects.all(), asked, USER_COLUMNS), asked)
    return _list(_shown_users(request, rows, asked), total, asked.start_index or 1)


def _groups(request: HttpRequest, asked: SearchRequest[Any]) -> HttpResponse:
    rows, total = _page(_matching(UserGroup.objects.all(), asked, GROUP_COLUMNS), asked)
    return _list(_shown_groups(request, rows, asked), total, asked.start_index or 1)


def _shown_users(
    request: HttpRequest, rows: Sequence[User], asked: ResponseParameters[Any]
) -> list[dict[str, Any]]:
    outlines = reading.user_outlines(rows, base(request))
    return edges.filled(edges.GROUPS, _content(outlines, asked), base(request))


def _shown_groups(
    request: HttpRequest, rows: Iterable[UserGroup], asked: ResponseParameters[Any]
) -> list[dict[str, Any]]:
    outlines = reading.group_outlines(rows, base(request))
    return edges.filled(edges.MEMBERS, _content(outlines, asked), base(request))


def _matching(rows: QuerySet[Any], asked: SearchRequest[Any], columns: Columns) -> QuerySet[Any]:
    if asked.filter is not None:
        # A filter by members or groups joins a table, and would show a row once for each of them.
        rows = rows.filter(ToCondition(columns).visit(asked.filter.ast)).distinct()
    # A wish that cannot be met is no error: the same people come in another order.
    order = columns.get(str(asked.sort_by).lower().rpartition(":")[2], ()) if asked.sort_by else ()
    sign = "-" if asked.sort_order == SearchRequest.SortOrder.descending else ""
    return rows.order_by(*(f"{sign}{column}" for column in order), "id")


def _some(rows: QuerySet[Any], asked: SearchRequest[Any], columns: Columns) -> QuerySet[Any]:
    """The rows that fit; none where the filter names what these resources do not have."""
    try:
        return _matching(rows, asked, columns)
    except InvalidFilterException:
        return rows.none()


def _count(asked: SearchRequest[Any]) -> int:
    return MAXIMUM_RESULTS if asked.count is None else min(asked.count, MAXIMUM_RESULTS)


def _page(rows: QuerySet[Any], asked: SearchRequest[Any]) -> tuple[Sequence[Any], int]:
    start = min((asked.start_index or 1) - 1, FARTHEST)
    return list(rows[start : start + _count(asked)]), rows.count()


def _content(resources: Sequence[Any], asked: ResponseParameters[Any]) -> list[dict[str, Any]]:
    return [
        resource.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=asked)
        for resource in resources
    ]


def _list(content: list[dict[str, Any]], total: int, start: int) -> HttpResponse:
    return answer(
        {
            "schemas": [str(ListResponse.__schema__)],
            "totalResults": total,
            "startIndex": start,
            "itemsPerPage": len(content),
            "Resources": content,
        },
        content_type=SCIM_JSON,
    )


def _resource_response(request: HttpRequest, resource: Any, model: Any) -> HttpResponse:
    (content,) = _content([resource], _wanted(request, model))
    return versions.tagged(answer(content, content_type=SCIM_JSON), str(resource.meta.version))


def _outlined(request: HttpRequest, outline: Any, model: Any) -> HttpResponse:
    wanted = _wanted(request, model)
    tag = str(outline.meta.version)
    if versions.is_known(request, tag):
        return versions.not_modified(tag)
    side = edges.MEMBERS if model is Group else edges.GROUPS
    (content,) = edges.filled(side, _content([outline], wanted), base(request))
    return versions.tagged(answer(content, content_type=SCIM_JSON), tag)


def _wanted(request: HttpRequest, model: Any) -> ResponseParameters[Any]:
    names = ("attributes", "excludedAttributes")
    query = {name: request.GET[name] for name in names if request.GET.get(name)}
    bounds.check_query(query)
    wanted: ResponseParameters[Any] = ResponseParameters[model].model_validate(
        query, scim_policy=POLICY
    )
    return wanted


def _created(resource: Any) -> HttpResponse:
    content = resource.model_dump(scim_ctx=Context.RESOURCE_CREATION_RESPONSE)
    response = answer(content, 201, SCIM_JSON)
    response["Location"] = content["meta"]["location"]
    return versions.tagged(response, content["meta"]["version"])


def _patch(model: Any, content: Any) -> PatchOp[Any]:
    bounds.check_patch(content)
    context = Context.RESOURCE_PATCH_REQUEST
    patch: PatchOp[Any] = PatchOp[model].model_validate(
        content, scim_ctx=context, scim_policy=POLICY
    )
    return patch


def _shown(resource: Any, location: str, kind: str) -> HttpResponse:
    return answer(_dumped(resource, location, kind), content_type=SCIM_JSON)


def _dumped(resource: Any, location: str, kind: str) -> dict[str, Any]:
    content: dict[str, Any] = resource.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
    return {**content, "meta": {"resourceType": kind, "location": location}}


def _discovered(
    request: HttpRequest, place: str, resources: Sequence[Any], name: str | None = None
) -> HttpResponse:
    # RFC 7644, 4: a filter on the discovery endpoints is to be refused with 403.
    if "filter" in request.GET:
        raise ForbiddenException(detail=f"{place} cannot be filtered")
    content = [
        _dumped(resource, f"{base(request)}/{place}/{resource.id}", place.removesuffix("s"))
        for resource in resources
        if name is None or resource.id == name
    ]
    if name is None:
        return _list(content, len(content), 1)
    if not content:
        raise NotFoundException(detail=f"No such {place.removesuffix('s')}")
    return answer(content[0], content_type=SCIM_JSON)
