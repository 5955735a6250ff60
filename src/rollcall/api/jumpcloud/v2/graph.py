"""The graph between users, user groups and applications: bindings and traversals (JumpCloud v2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeAlias

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from rollcall.api.auth import actor_of
from rollcall.api.jumpcloud.errors import ALREADY_EXISTS, Problem, bad_request, not_found
from rollcall.api.jumpcloud.query import DEFAULT_LIMIT, Row, check_page, ordering, paged
from rollcall.api.jumpcloud.response_schemas import Connection, Message, Reached
from rollcall.api.jumpcloud.responses import no_content, page
from rollcall.api.jumpcloud.v1.applications import the_application
from rollcall.api.jumpcloud.v1.users import REFUSALS, the_user
from rollcall.api.jumpcloud.v2.listing import condition, words
from rollcall.api.jumpcloud.v2.usergroups import Operation, edge_columns, held, reached, the_group
from rollcall.directory import groups, services
from rollcall.directory.models import Application, Association, Membership, UserGroup

router = Router(tags=["Graph"])
ANSWERS: dict[int, Any] = {200: list[Reached], 404: Message, **REFUSALS}
EDGES: dict[int, Any] = {200: list[Connection], 404: Message, **REFUSALS}
Filters: TypeAlias = Query[list[str]]
MemberTarget: TypeAlias = Literal[
    "active_directory",
    "application",
    "g_suite",
    "idp_routing_policy",
    "ldap_server",
    "office_365",
    "password_manager_item",
    "radius_server",
    "system",
    "system_group",
]
"""What users and user groups can be associated to at the vendor; here: applications."""


@router.get("/usergroups/{group_id}/associations", response=EDGES)
def group_associations(
    request: HttpRequest,
    group_id: str,
    targets: MemberTarget,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
) -> HttpResponse:
    """The applications that the group is bound to."""
    associations = Association.objects.filter(group=the_group(group_id)).order_by("id")
    associations = associations if targets == "application" else associations.none()
    ids = paged(associations, limit, skip).values_list("application_id", flat=True)
    return page(
        [{"to": {"type": "application", "id": application_id}} for application_id in ids],
        associations.count(),
    )


@router.post(
    "/usergroups/{group_id}/associations", response={409: Message, 404: Message, **REFUSALS}
)
def change_group_association(
    request: HttpRequest, group_id: str, payload: Operation
) -> HttpResponse:
    """Bind the group to an application, or take the binding away."""
    group = the_group(group_id)
    if payload.type != "application":
        raise bad_request("Bad Request: this directory binds user groups to applications only")
    return _bind(request, the_application(payload.id), group, payload.op)


@router.get("/applications/{application_id}/associations", response=EDGES)
def application_associations(
    request: HttpRequest,
    application_id: str,
    targets: Literal["user", "user_group"],
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
) -> HttpResponse:
    """The user groups that the application is bound to; no user is bound directly."""
    associations = Association.objects.filter(application=the_application(application_id))
    associations = associations.order_by("id") if targets == "user_group" else associations.none()
    ids = paged(associations, limit, skip).values_list("group_id", flat=True)
    return page(
        [{"to": {"type": "user_group", "id": group_id}} for group_id in ids], associations.count()
    )


@router.post(
    "/applications/{application_id}/associations", response={409: Message, 404: Message, **REFUSALS}
)
def change_application_association(
    request: HttpRequest, application_id: str, payload: Operation
) -> HttpResponse:
    """Bind the application to a user group, or take the binding away."""
    application = the_application(application_id)
    if payload.type != "user_group":
        raise bad_request("Bad Request: this directory binds applications to user groups only")
    return _bind(request, application, the_group(payload.id), payload.op)


@router.get("/users/{user_id}/associations", response=EDGES)
def user_associations(
    request: HttpRequest,
    user_id: str,
    targets: MemberTarget,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
) -> HttpResponse:
    """What the user is bound to directly: nothing, since groups carry all bindings."""
    the_user(user_id)
    check_page(limit, skip)
    return page([], 0)


@router.post("/users/{user_id}/associations", response={404: Message, **REFUSALS})
def change_user_association(request: HttpRequest, user_id: str, payload: Operation) -> HttpResponse:
    """Refused: users reach applications through groups."""
    the_user(user_id)
    raise bad_request("Bad Request: users are bound to applications through user groups only")


@router.get("/users/{user_id}/memberof", response=ANSWERS)
def user_groups(
    request: HttpRequest,
    user_id: str,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
    filter: Filters = [],  # noqa: B006 - ninja copies it
    sort: Query[list[str]] = [],  # noqa: B006 - ninja copies it
) -> HttpResponse:
    """The user groups that the user is a member of."""
    columns = edge_columns("user_group", "group_id")
    memberships = Membership.objects.filter(condition(filter, columns), user=the_user(user_id))
    order = ordering(words(sort), columns)
    return _direct("user_group", "group_id", memberships.order_by(*order), limit, skip)


@router.get("/users/{user_id}/usergroups", response=ANSWERS)
def user_usergroups(
    request: HttpRequest,
    user_id: str,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
    filter: Filters = [],  # noqa: B006 - ninja copies it
) -> HttpResponse:
    """The user groups that the user is a member of."""
    memberships = Membership.objects.filter(user=the_user(user_id)).order_by("id")
    memberships = _filtered(memberships, filter, "user_group", "group_id")
    return _direct("user_group", "group_id", memberships, limit, skip)


@router.get("/users/{user_id}/applications", response=ANSWERS)
def user_applications(
    request: HttpRequest,
    user_id: str,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
    filter: Filters = [],  # noqa: B006 - ninja copies it
) -> HttpResponse:
    """The applications that the user reaches, with the groups that lead there."""
    user = the_user(user_id)
    applications = _filtered(
        groups.applications_of(user).order_by("id"), filter, "application", "id"
    )
    ids = list(paged(applications, limit, skip).values_list("id", flat=True))
    # For the page alone, in one statement: the ways of all that a user reaches may be many.
    edges = Association.objects.filter(application__in=ids, group__membership__user=user)
    ways = _ways(edges.order_by("id").values_list("application_id", "group_id"))
    return page(
        [reached("application", application_id, ways[application_id]) for application_id in ids],
        applications.count(),
    )


@router.get("/usergroups/{group_id}/applications", response=ANSWERS)
def group_applications(
    request: HttpRequest,
    group_id: str,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
    filter: Filters = [],  # noqa: B006 - ninja copies it
) -> HttpResponse:
    """The applications that the group is bound to."""
    associations = Association.objects.filter(group=the_group(group_id)).order_by("id")
    associations = _filtered(associations, filter, "application", "application_id")
    return _direct("application", "application_id", associations, limit, skip)


@router.get("/usergroups/{group_id}/users", response=ANSWERS)
def group_users(
    request: HttpRequest,
    group_id: str,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
    filter: Filters = [],  # noqa: B006 - ninja copies it
) -> HttpResponse:
    """The users in the group."""
    memberships = Membership.objects.filter(group=the_group(group_id)).order_by("id")
    memberships = _filtered(memberships, filter, "user", "user_id")
    return _direct("user", "user_id", memberships, limit, skip)


@router.get("/applications/{application_id}/usergroups", response=ANSWERS)
def application_groups(
    request: HttpRequest,
    application_id: str,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
    filter: Filters = [],  # noqa: B006 - ninja copies it
) -> HttpResponse:
    """The user groups that the application is bound to."""
    associations = Association.objects.filter(application=the_application(application_id))
    associations = _filtered(associations.order_by("id"), filter, "user_group", "group_id")
    return _direct("user_group", "group_id", associations, limit, skip)


@router.get("/applications/{application_id}/users", response=ANSWERS)
def application_users(
    request: HttpRequest,
    application_id: str,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
    filter: Filters = [],  # noqa: B006 - ninja copies it
) -> HttpResponse:
    """The users that reach the application, with the groups that lead them there."""
    application = the_application(application_id)
    users = _filtered(groups.users_of(application).order_by("id"), filter, "user", "id")
    ids = list(paged(users, limit, skip).values_list("id", flat=True))
    # Of the page's users only, in one statement.
    edges = Membership.objects.filter(user__in=ids, group__association__application=application)
    ways = _ways(edges.order_by("id").values_list("user_id", "group_id"))
    return page([reached("user", user_id, ways[user_id]) for user_id in ids], users.count())


def _filtered(rows: QuerySet[Row], filters: Sequence[str], kind: str, column: str) -> QuerySet[Row]:
    return rows.filter(condition(filters, edge_columns(kind, column)))


def _direct(kind: str, column: str, edges: QuerySet[Any], limit: int, skip: int) -> HttpResponse:
    """The page of what these edges lead to in one step."""
    ids = paged(edges, limit, skip).values_list(column, flat=True)
    return page([reached(kind, target_id, [[target_id]]) for target_id in ids], edges.count())


def _ways(edges: Iterable[tuple[str, str]]) -> dict[str, list[list[str]]]:
    ways: defaultdict[str, list[list[str]]] = defaultdict(list)
    for target, group in edges:
        ways[target].append([group, target])
    return ways


def _bind(
    request: HttpRequest, application: Application, group: UserGroup, op: str
) -> HttpResponse:
    # Held first: of two requests that bind the same, the second must see the first one's binding.
    group = held(group)
    bound: QuerySet[Association] = Association.objects.filter(application=application, group=group)
    if op == "add":
        if bound.exists():
            raise Problem(409, ALREADY_EXISTS)
        services.bind(actor_of(request), application, [group])
        return no_content()
    # "update" would change an edge's attributes, of which there are none here.
    if op == "remove" and not services.unbind(actor_of(request), application, [group]).removed:
        raise not_found()
    return no_content()
