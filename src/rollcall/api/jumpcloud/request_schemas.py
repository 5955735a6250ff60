"""The user as clients send one: which fields, of which type and length (JumpCloud v1 and v2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, Field, create_model

from rollcall.core.user_texts import TEXTS

Text: TypeAlias = Annotated[str, Field(json_schema_extra={"maxLength": 1024})] | None
"""A text of limited length. The limit is told here; that it holds is for the directory's rules."""

State: TypeAlias = Literal["STAGED", "ACTIVATED", "SUSPENDED"]


class Attribute(BaseModel):
    """A custom attribute; its name is of letters and digits."""

    name: str = Field(max_length=1024, pattern=r"^[A-Za-z0-9]+$")
    value: str = Field(json_schema_extra={"maxLength": 1024})


class Address(BaseModel):
    """A postal address."""

    type: Text = None
    streetAddress: Text = None
    extendedAddress: Text = None
    poBox: Text = None
    locality: Text = None
    region: Text = None
    postalCode: Text = None
    country: Text = None


class PhoneNumber(BaseModel):
    """A phone number."""

    type: Text = None
    number: Text = None


class RecoveryEmail(BaseModel):
    """The address for recovering access."""

    address: str = Field(default="", json_schema_extra={"maxLength": 1024})


class _Names(BaseModel):
    username: str | None = None
    email: Text = None


def _texts() -> dict[str, Any]:
    """The fields of `UserTexts`, as `create_model` takes them."""
    return {
        name: (Annotated[str, Field(json_schema_extra={"maxLength": text.limit})] | None, None)
        for name, text in TEXTS.items()
    }


# Types that are made of a table are nothing that a type checker can follow.
if TYPE_CHECKING:
    _NamesAndTexts = _Names
else:
    _NamesAndTexts = create_model("_NamesAndTexts", __base__=_Names, **_texts())


class UserFields(_NamesAndTexts):
    """The fields of a user that this directory keeps; the vendor's others are taken and dropped.

    A field that is left out stays as it is; null empties it. `attributes`, `addresses` and
    `phoneNumbers` replace the whole list. A password is held against the portal's rules.
    """

    employeeIdentifier: Annotated[str, Field(json_schema_extra={"maxLength": 256})] | None = None
    manager: str | None = None
    alternateEmail: Text = None
    recoveryEmail: RecoveryEmail | None = None
    attributes: Annotated[list[Attribute] | None, Field(max_length=200)] = None
    addresses: Annotated[list[Address] | None, Field(max_length=50)] = None
    phoneNumbers: Annotated[list[PhoneNumber] | None, Field(max_length=50)] = None
    state: State | None = None
    suspended: bool | None = None
    activated: bool | None = None
    account_locked: bool | None = None
    enable_user_portal_multifactor: bool | None = None
    password: str | None = None


class NewUser(UserFields):
    """The body of POST systemusers: `username` and `email` are required."""

    username: str
    email: str = Field(json_schema_extra={"maxLength": 1024})


class BulkUpdate(UserFields):
    """One user of PATCH bulk/users: whose `id` this is, and the changed fields."""

    id: str
