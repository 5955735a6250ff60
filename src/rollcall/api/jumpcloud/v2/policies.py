"""`/api/v2/authn/policies` and `/api/v2/iplists`: conditional access (JumpCloud v2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Annotated, Any, Final, Literal, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from rollcall.access.policies import services
from rollcall.access.policies.decision.faults import Malformed
from rollcall.access.policies.decision.parsing import Document
from rollcall.access.policies.errors import Gone, InUse, NeedsConfirmation
from rollcall.access.policies.models import AccessPolicy, IpList
from rollcall.api import versions
from rollcall.api.auth import actor_of
from rollcall.api.jumpcloud.errors import Problem, not_found
from rollcall.api.jumpcloud.query import DEFAULT_LIMIT, Columns, ordering, paged
from rollcall.api.jumpcloud.response_schemas import Message
from rollcall.api.jumpcloud.responses import answer, page
from rollcall.api.jumpcloud.v1.users import REFUSALS
from rollcall.api.jumpcloud.v2.listing import condition, words
from rollcall.core.labels import GROUP_LIMITS

router = Router(tags=["Conditional access"])

CONFIRMATION: Final = "x-confirm"
"""The header that confirms a grave change, with the value `yes`. No parameter and no field: the
vendor's description has no place for one."""

LIST_COLUMNS: Final[Columns] = {"id": "id", "name": "name", "description": "description"}
COLUMNS: Final[Columns] = {**LIST_COLUMNS, "disabled": "disabled", "type": "type"}

Name = Annotated[str, Field(json_schema_extra={"maxLength": GROUP_LIMITS["name"]})]
Description = Annotated[str, Field(json_schema_extra={"maxLength": GROUP_LIMITS["description"]})]
Row = TypeVar("Row", AccessPolicy, IpList)
Answering = TypeVar("Answering", bound=Callable[..., HttpResponse])


class PolicyBody(BaseModel):
    """A policy as clients send one; what a change leaves out stays."""

    id: str | None = None
    name: Name | None = None
    description: Description | None = None
    disabled: bool | None = None
    type: Literal["user_portal", "admin_portal", "application"] | None = None
    targets: dict[str, Any] | None = None
    conditions: dict[str, Any] | None = None
    effect: dict[str, Any] | None = None

    def given(self) -> dict[str, Any]:
        """The fields that were sent with a value."""
        return self.model_dump(exclude_none=True, exclude={"id"})


class IpListBody(BaseModel):
    """An IP list as clients send one: addresses, networks and ranges (`192.0.2.1-192.0.2.9`)."""

    name: Name | None = None
    description: Description | None = None
    ips: list[Annotated[str, Field(json_schema_extra={"maxLength": 100})]] | None = None

    def given(self) -> dict[str, Any]:
        """The fields that were sent with a value."""
        return self.model_dump(exclude_none=True)


class ShownPolicy(BaseModel):
    """A policy (JumpCloud v2, `AuthnPolicy`)."""

    id: str
    name: str
    description: str
    disabled: bool
    type: str
    targets: dict[str, Any]
    conditions: dict[str, Any]
    effect: dict[str, Any]


class ShownIpList(BaseModel):
    """An IP list (JumpCloud v2, `IPList`)."""

    id: str
    name: str
    description: str
    ips: list[str]


@contextmanager
def refusals() -> Iterator[None]:
    """What the room of policies refuses inside, as the API says it."""
    try:
        yield
    except Gone:
        raise not_found() from None
    except Malformed as error:
        raise Problem(400, *map(str, error.faults)) from None
    except InUse as error:
        raise Problem(409, f"the IP list is named by {error}") from None
    except NeedsConfirmation as error:
        text = f"{error}; send it again with the header {CONFIRMATION}: yes"
        raise Problem(409, text) from None


def refusing(view: Answering) -> Answering:
    """The view, with what the room of policies refuses as the API says it.

    For views of this module: ninja looks their annotations up where this function is.
    """

    @wraps(view)
    def told(*args: Any, **more: Any) -> HttpResponse:
        with refusals():
            return view(*args, **more)

    return told  # type: ignore[return-value]  # the same call, as `wraps` says


@router.get("/authn/policies", response={200: list[ShownPolicy], **REFUSALS})
def list_policies(
    request: HttpRequest,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
    sort: Query[list[str]] = [],  # noqa: B006 - ninja copies it
    filter: Query[list[str]] = [],  # noqa: B006 - ninja copies it
) -> HttpResponse:
    """A page of access policies; the total is in `x-total-count`."""
    rows = AccessPolicy.objects.filter(condition(filter, COLUMNS))
    ordered = rows.order_by(*ordering(words(sort), COLUMNS))
    return _listed(ordered, shown_policy, limit, skip)


@router.post("/authn/policies", response={201: ShownPolicy, 409: Message, **REFUSALS})
@refusing
def create_policy(request: HttpRequest, payload: PolicyBody) -> HttpResponse:
    """Make an access policy."""
    document = Document(**{"name": "", **payload.given()})
    policy = services.create_policy(actor_of(request), document, confirmed=is_confirmed(request))
    return answer(shown_policy(policy), 201)


@router.get("/authn/policies/{id}", response={200: ShownPolicy, 404: Message, **REFUSALS})
def read_policy(request: HttpRequest, id: str) -> HttpResponse:
    """One access policy."""
    policy = AccessPolicy.objects.filter(pk=_usable(id)).first()
    if policy is None:
        raise not_found()
    return versions.tagged(answer(shown_policy(policy)), versions.tag_of_updated(policy))


@router.patch(
    "/authn/policies/{id}", response={200: ShownPolicy, 404: Message, 409: Message, **REFUSALS}
)
@refusing
def change_policy(request: HttpRequest, id: str, payload: PolicyBody) -> HttpResponse:
    """Change an access policy; fields that are left out stay."""
    versions.check(request, AccessPolicy.objects.filter(pk=_usable(id)), versions.tag_of_updated)
    policy = services.update_policy(
        actor_of(request), _usable(id), payload.given(), confirmed=is_confirmed(request)
    )
    return versions.tagged(answer(shown_policy(policy)), versions.tag_of_updated(policy))


@router.delete(
    "/authn/policies/{id}", response={200: ShownPolicy, 404: Message, 409: Message, **REFUSALS}
)
@refusing
def delete_policy(request: HttpRequest, id: str) -> HttpResponse:
    """Delete an access policy."""
    policy = services.delete_policy(actor_of(request), _usable(id), confirmed=is_confirmed(request))
    return answer(shown_policy(policy))


@router.get("/iplists", response={200: list[ShownIpList], **REFUSALS})
def list_ip_lists(
    request: HttpRequest,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
    sort: Query[list[str]] = [],  # noqa: B006 - ninja copies it
    filter: Query[list[str]] = [],  # noqa: B006 - ninja copies it
) -> HttpResponse:
    """A page of IP lists; the total is in `x-total-count`."""
    rows = IpList.objects.filter(condition(filter, LIST_COLUMNS))
    ordered = rows.order_by(*ordering(words(sort), LIST_COLUMNS))
    return _listed(ordered, shown_ip_list, limit, skip)


@router.post("/iplists", response={201: ShownIpList, **REFUSALS})
@refusing
def create_ip_list(request: HttpRequest, payload: IpListBody) -> HttpResponse:
    """Make an IP list."""
    ip_list = services.create_ip_list(actor_of(request), payload.given())
    return answer(shown_ip_list(ip_list), 201)


@router.get("/iplists/{id}", response={200: ShownIpList, 404: Message, **REFUSALS})
def read_ip_list(request: HttpRequest, id: str) -> HttpResponse:
    """One IP list."""
    ip_list = IpList.objects.filter(pk=_usable(id)).first()
    if ip_list is None:
        raise not_found()
    return versions.tagged(answer(shown_ip_list(ip_list)), versions.tag_of_updated(ip_list))


@router.patch("/iplists/{id}", response={200: ShownIpList, 404: Message, 409: Message, **REFUSALS})
@refusing
def change_ip_list(request: HttpRequest, id: str, payload: IpListBody) -> HttpResponse:
    """Change an IP list; fields that are left out stay."""
    return _written(request, id, payload.given())


@router.put("/iplists/{id}", response={200: ShownIpList, 404: Message, 409: Message, **REFUSALS})
@refusing
def replace_ip_list(request: HttpRequest, id: str, payload: IpListBody) -> HttpResponse:
    """Replace an IP list; fields that are left out are emptied."""
    return _written(request, id, {"name": "", "description": "", "ips": [], **payload.given()})


@router.delete("/iplists/{id}", response={200: ShownIpList, 404: Message, 409: Message, **REFUSALS})
@refusing
def delete_ip_list(request: HttpRequest, id: str) -> HttpResponse:
    """Delete an IP list that no policy names."""
    return answer(shown_ip_list(services.delete_ip_list(actor_of(request), _usable(id))))


def shown_policy(policy: AccessPolicy) -> dict[str, Any]:
    """The policy in the vendor's form."""
    return {
        "id": policy.pk,
        "name": policy.name,
        "description": policy.description,
        "disabled": policy.disabled,
        "type": policy.type,
        "targets": policy.targets,
        "conditions": policy.conditions,
        "effect": policy.effect,
    }


def shown_ip_list(ip_list: IpList) -> dict[str, Any]:
    """The IP list in the vendor's form."""
    return {
        "id": ip_list.pk,
        "name": ip_list.name,
        "description": ip_list.description,
        "ips": ip_list.ips,
    }


def _listed(
    rows: QuerySet[Row], shown: Callable[[Row], dict[str, Any]], limit: int, skip: int
) -> HttpResponse:
    return page([shown(row) for row in paged(rows, limit, skip)], rows.order_by().count())


def _written(request: HttpRequest, id: str, values: dict[str, Any]) -> HttpResponse:
    versions.check(request, IpList.objects.filter(pk=_usable(id)), versions.tag_of_updated)
    ip_list = services.update_ip_list(
        actor_of(request), _usable(id), values, confirmed=is_confirmed(request)
    )
    return versions.tagged(answer(shown_ip_list(ip_list)), versions.tag_of_updated(ip_list))


def is_confirmed(request: HttpRequest) -> bool:
    """Whether a grave change is confirmed."""
    return request.headers.get(CONFIRMATION, "").lower() == "yes"


def _usable(id_: str) -> str:
    """The id, which no text of PostgreSQL can hold the character U+0000 in."""
    if "\0" in id_:
        raise not_found()
    return id_
