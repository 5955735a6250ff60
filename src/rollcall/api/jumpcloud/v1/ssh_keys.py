"""`/api/systemusers/{id}/sshkeys`: the public SSH keys of a user (JumpCloud v1)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from rollcall.accounts import ssh_keys
from rollcall.accounts.errors import SshKeyRefusedError
from rollcall.accounts.ssh_keys import Fault
from rollcall.accounts.user_models import SshKey
from rollcall.api.auth import actor_of
from rollcall.api.jumpcloud.errors import Problem, not_found
from rollcall.api.jumpcloud.moments import moment
from rollcall.api.jumpcloud.response_schemas import Message
from rollcall.api.jumpcloud.responses import answer
from rollcall.api.jumpcloud.v1.users import REFUSALS, the_user

router = Router(tags=["Users"])


class NewSshKey(BaseModel):
    """A key as clients send one: the line of a `.pub` file, and what it is called."""

    name: str = Field(json_schema_extra={"maxLength": ssh_keys.LONGEST_NAME})
    public_key: str = Field(json_schema_extra={"maxLength": ssh_keys.LONGEST})


class ShownSshKey(BaseModel):
    """A key (JumpCloud v1, `sshkeylist`)."""

    model_config = ConfigDict(populate_by_name=True)

    id_: str = Field(alias="_id")
    name: str
    public_key: str
    create_date: str


@router.get(
    "/systemusers/{id}/sshkeys",
    response={200: list[ShownSshKey], 404: Message, **REFUSALS},
    by_alias=True,
)
def list_keys(request: HttpRequest, id: str) -> HttpResponse:
    """The keys of a user, the oldest first."""
    return answer([_shown(key) for key in ssh_keys.of(the_user(id).pk)])


@router.post(
    "/systemusers/{id}/sshkeys",
    response={200: ShownSshKey, 404: Message, 409: Message, **REFUSALS},
    by_alias=True,
)
def add_key(request: HttpRequest, id: str, payload: NewSshKey) -> HttpResponse:
    """Add a key to a user's; the comment behind it is not kept."""
    user = the_user(id)
    try:
        key = ssh_keys.add(actor_of(request), user, payload.name, payload.public_key)
    except SshKeyRefusedError as error:
        status = 409 if error.fault is Fault.THERE else 400
        begins = "Already Exists" if error.fault is Fault.THERE else "Bad Request"
        raise Problem(status, f"{begins}: {error.fault.value}") from None
    return answer(_shown(key))


@router.delete("/systemusers/{systemuser_id}/sshkeys/{id}", response={404: Message, **REFUSALS})
def remove_key(request: HttpRequest, systemuser_id: str, id: str) -> HttpResponse:
    """Remove a key from a user's."""
    user = the_user(systemuser_id)
    if "\0" in id or not ssh_keys.remove(actor_of(request), user, id):
        raise not_found()
    return answer({})


def _shown(key: SshKey) -> dict[str, Any]:
    return {
        "_id": key.pk,
        "name": key.name,
        "public_key": key.public_key,
        "create_date": moment(key.created),
    }
