"""`/api/systemusers`: users listed, read, made, changed, deleted, activated (JumpCloud v1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel

from rollcall.accounts import factors, user_accounts
from rollcall.accounts.factor_queries import fitting
from rollcall.api import lookalikes, versions
from rollcall.api.auth import actor_of
from rollcall.api.jumpcloud import activations, factor_fields, passwords, serializers, writing
from rollcall.api.jumpcloud.errors import Problem, bad_request, not_found
from rollcall.api.jumpcloud.query import (
    DEFAULT_LIMIT,
    Columns,
    filtered,
    ordering,
    paged,
    search_parameter,
    searched,
)
from rollcall.api.jumpcloud.request_schemas import NewUser, UserFields
from rollcall.api.jumpcloud.response_schemas import Message, SystemUser, SystemUsers
from rollcall.api.jumpcloud.responses import answer, read
from rollcall.directory.models import Organization, User
from rollcall.directory.services import API

router = Router(tags=["Users"])
FILTERED: Final[Columns] = {
    **{name: at for name, at in serializers.COLUMNS.items() if name not in serializers.LISTS},
    **serializers.CONSTANTS,
    **factor_fields.COLUMNS,
    "id": "id",
    "recoveryEmail.address": "recoveryEmail",
}
"""The fields that lists can be filtered, sorted and searched by."""

REFUSALS: dict[int, Any] = {400: Message, 401: Message, 403: Message}


class Activation(BaseModel):
    """Whether the activation e-mail is sent, and to which address (JumpCloud v1).

    Left out or true: to the alternate address, else to the company one.
    """

    email: bool | str | None = None


@router.get("/systemusers", response={200: SystemUsers, **REFUSALS}, by_alias=True)
def list_users(
    request: HttpRequest,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
    sort: str = "",
    fields: str = "",
    filter: Query[list[str]] = [],  # noqa: B006 - ninja copies it
    search: str = "",
) -> HttpResponse:
    """A page of users: `sort` and `fields` blank-separated, `filter` as `field:$operator:value`."""
    order = ordering(sort, FILTERED, serializers.NAMES)
    sought = search_parameter({"search": search}, request.GET.getlist)
    condition = filtered(filter, FILTERED) & searched(sought, FILTERED)
    users = fitting(condition, order)
    rows = serializers.users(paged(users, limit, skip), organization(), fields)
    return answer({"totalCount": users.count(), "results": rows})


@router.post("/systemusers", response={200: SystemUser, 409: Message, **REFUSALS}, by_alias=True)
def create_user(
    request: HttpRequest, payload: NewUser, fullValidationDetails: str = ""
) -> HttpResponse:
    """Make a user; without `state` it gets the organization's default for manual entries."""
    default = Organization.the().manualEntry
    # One user is a batch of one, so that bulk and single requests cannot come apart.
    [made] = writing.create([payload], default, "jumpcloud:api", actor_of(request))
    user = _told(made, fullValidationDetails)
    shown = answer(serializers.user(user, organization()))
    lookalikes.warn_of_emails(request, [user], shown)
    return shown


@router.get(
    "/systemusers/{id}", response={200: SystemUser, 404: Message, **REFUSALS}, by_alias=True
)
def read_user(request: HttpRequest, id: str, fields: str = "") -> HttpResponse:
    """One user."""
    user = the_user(id)
    tag = tag_of(user)
    if versions.is_known(request, tag):
        return versions.not_modified(tag)
    return versions.tagged(answer(serializers.user(user, organization(), fields)), tag)


@router.put(
    "/systemusers/{id}",
    response={200: SystemUser, 404: Message, 409: Message, **REFUSALS},
    by_alias=True,
)
def change_user(
    request: HttpRequest,
    id: str,
    payload: UserFields,
    fullValidationDetails: str = "",
) -> HttpResponse:
    """Change the fields that are sent; lists are replaced whole, `manager` null takes it away."""
    email = the_user(id).email
    versions.check(request, User.objects.filter(pk=id), tag_of)
    refuse_what_is_not_kept(request, payload, _unchanging(id))
    [changed] = writing.update([(id, payload)], actor_of(request))
    user = _told(changed, fullValidationDetails)
    shown = answer(serializers.user(user, organization()))
    if user.email != email:
        lookalikes.warn_of_emails(request, [user], shown)
    return versions.tagged(shown, tag_of(user))


@router.delete(
    "/systemusers/{id}", response={200: SystemUser, 404: Message, **REFUSALS}, by_alias=True
)
def delete_user(
    request: HttpRequest,
    id: str,
    cascade_manager: str | None = None,
) -> HttpResponse:
    """Delete a user; `cascade_manager` is the next manager of its reports, or `null`."""
    user = the_user(id)
    versions.check(request, User.objects.filter(pk=id), tag_of)
    # Before it is gone: the vendor answers a deletion with what was deleted.
    shown = serializers.user(user, organization())
    writing.delete(user, cascade_manager, actor_of(request))
    return answer(shown)


@router.post("/systemusers/{id}/state/activate", response={404: Message, **REFUSALS})
def activate_user(
    request: HttpRequest,
    id: str,
    payload: Activation | None = None,
) -> HttpResponse:
    """Turn a staged user into an active one, and send the e-mail that sets a password.

    `email` false sends none; an address sends it there. Of an active user the e-mail is sent again
    where `email` asks for it. Whoever has a password gets none.
    """
    user = the_user(id)
    if user.state == "SUSPENDED":
        raise bad_request("Bad Request: a suspended user is activated by PUT with its state")
    wanted = payload.email if payload else None
    why_not = activations.activate(request, user, wanted)
    return activations.warned(answer({}), why_not)


@router.post("/systemusers/{id}/unlock", response={404: Message, **REFUSALS})
def unlock_user(request: HttpRequest, id: str) -> HttpResponse:
    """Unlock a user's account: failed sign-ins are forgotten, the password stays."""
    passwords.refuse_elsewhere()
    user = the_user(id)
    if user.state == "SUSPENDED":
        raise bad_request("Bad Request: a suspended user cannot be unlocked")
    user_accounts.unlock(actor_of(request), API, [user.pk])
    return answer({})


@router.post("/systemusers/{id}/expire", response={404: Message, **REFUSALS})
def expire_user(request: HttpRequest, id: str) -> HttpResponse:
    """Let a user's password be expired: sessions end, the next sign-in asks for a new one."""
    passwords.refuse_elsewhere()
    user_accounts.expire(actor_of(request), API, [the_user(id).pk])
    return answer({})


def tag_of(user: User) -> str:
    """The version of a user, with what is told of second factors, which the user does not keep."""
    told = factor_fields.told(factors.of_users([user.pk])[user.pk])
    return versions.version(user.updated, json.dumps(told, sort_keys=True))


def _unchanging(user_id: str) -> Mapping[str, object]:
    """What a client may send back as it has read it, though no write changes it."""
    return {**serializers.FIXED, **factor_fields.told(factors.of_users([user_id])[user_id])}


def refuse_what_is_not_kept(
    request: HttpRequest, payload: BaseModel, fixed: Mapping[str, object] = MappingProxyType({})
) -> None:
    """Refuse a change of nothing but fields that this directory does not keep.

    Values that are as `fixed` shows them, and empty ones, are no change: a client may send back
    what it has read.

    Raises:
        Problem: 400 that names them.
    """
    # With something that is kept beside, the rest is dropped without a word, as the vendor's
    # clients expect that send back all they have read.
    if payload.model_fields_set:
        return
    sent = read(request)
    names = sorted(name for name, value in sent.items() if value and value != fixed.get(name))
    if names:
        kept = ", ".join(name[:100] for name in names[:10])
        raise bad_request(f"Bad Request: nothing was changed: this directory does not keep {kept}")


def the_user(user_id: str) -> User:
    """The user with this id.

    Raises:
        Problem: 404 where there is none.
    """
    user = User.objects.filter(pk=user_id).first() if "\0" not in user_id else None
    if user is None:
        raise not_found()
    return user


def organization() -> str:
    """The id of the organization."""
    return Organization.the().id


def _told(written: writing.Written, details: str) -> User:
    """The user written; a refusal names only the first reason unless all were asked for."""
    if isinstance(written, User):
        return written
    if details.lower() in {"", "false", "0"}:
        raise Problem(written.status, written.messages[0])
    raise written
