"""The objects that the API shows, as the vendor's descriptions have them; for the OpenAPI page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, create_model

from rollcall.api.jumpcloud.request_schemas import Address, PhoneNumber, RecoveryEmail, State
from rollcall.core.user_texts import TEXTS

DefaultState: TypeAlias = Literal["ACTIVATED", "STAGED"]


class ShownAttribute(BaseModel):
    """A custom attribute."""

    name: str
    value: str


class _Head(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    id_: str = Field(alias="_id")
    id: str | None = None
    username: str | None = None
    email: str | None = None
    state: State | None = None
    suspended: bool | None = None
    activated: bool | None = None
    account_locked: bool | None = None
    password_expired: bool | None = None


class Mfa(BaseModel):
    """Whether a second factor is set up, and until when the user may do without."""

    configured: bool
    exclusion: bool
    exclusionUntil: str | None = None
    exclusionDays: int | None = None


class MfaEnrollment(BaseModel):
    """How far a user is with each factor (JumpCloud v1, `mfaEnrollmentStatus`)."""

    overallStatus: str
    totpStatus: str
    webAuthnStatus: str
    pushStatus: str
    jcGoStatus: str


if TYPE_CHECKING:
    _HeadAndTexts = _Head
else:
    _HeadAndTexts = create_model(
        "_HeadAndTexts", __base__=_Head, **dict.fromkeys(TEXTS, (str | None, None))
    )


class SystemUser(_HeadAndTexts):
    """A user (JumpCloud v1, `systemuserreturn`)."""

    employeeIdentifier: str | None = None
    manager: str | None = None
    alternateEmail: str | None = None
    recoveryEmail: RecoveryEmail | None = None
    attributes: list[ShownAttribute] | None = None
    addresses: list[Address] | None = None
    phoneNumbers: list[PhoneNumber] | None = None
    creationSource: str | None = None
    created: str | None = None
    organization: str | None = None
    totp_enabled: bool | None = None
    enable_user_portal_multifactor: bool | None = None
    mfa: Mfa | None = None
    mfaEnrollment: MfaEnrollment | None = None
    externally_managed: bool | None = None
    external_dn: str | None = None
    external_source_type: str | None = None
    sudo: bool | None = None
    passwordless_sudo: bool | None = None
    ldap_binding_user: bool | None = None
    samba_service_user: bool | None = None
    enable_managed_uid: bool | None = None
    password_never_expires: bool | None = None
    password_expiration_date: str | None = None
    password_date: str | None = None


class SystemUsers(BaseModel):
    """A page of users and how many there are in all."""

    totalCount: int
    results: list[SystemUser]


class ShownApplication(BaseModel):
    """An application (JumpCloud v1, `application`)."""

    id_: str = Field(alias="_id")
    name: str
    displayName: str
    displayLabel: str
    description: str
    ssoUrl: str
    config: dict[str, Any]
    active: bool
    beta: bool
    organization: str
    created: str
    sso: dict[str, Any]
    oidc: dict[str, Any] | None = None
    logo: dict[str, str] | None = None
    color: str | None = None


class ShownApplications(BaseModel):
    """A page of applications and how many there are in all."""

    totalCount: int
    results: list[ShownApplication]


class Template(BaseModel):
    """An application template (JumpCloud v1, `applicationtemplate`)."""

    id_: str = Field(alias="_id")
    name: str
    displayName: str
    displayLabel: str
    active: bool
    beta: bool
    config: dict[str, Any]
    isConfigured: bool
    keywords: list[str]
    sso: dict[str, Any]


class Templates(BaseModel):
    """A page of application templates and how many there are in all."""

    totalCount: int
    results: list[Template]


class StateDefaults(BaseModel):
    """The state of new users, by where they come from."""

    manualEntry: DefaultState | None = None
    csvImport: DefaultState | None = None
    applicationImport: DefaultState | None = None


class OrganizationSettings(BaseModel):
    """The settings of the organization that this directory keeps."""

    name: str | None = Field(default=None, min_length=1, max_length=255)
    newSystemUserStateDefaults: StateDefaults | None = None


class ShownOrganization(BaseModel):
    """The organization."""

    id_: str = Field(alias="_id")
    displayName: str
    created: str | None = None
    settings: OrganizationSettings | None = None


class ShownOrganizations(BaseModel):
    """The organizations of this directory: one."""

    totalCount: int
    results: list[ShownOrganization]


class ShownSettings(BaseModel):
    """The organization as the vendor's `/api/settings` tells of it."""

    ORG_ID: str
    ORG_NAME: str
    SETTINGS: OrganizationSettings


class Message(BaseModel):
    """Why a request was refused."""

    message: str


class JobId(BaseModel):
    """The id of a bulk job."""

    jobId: str


class WorkResult(BaseModel):
    """What became of one user of a bulk job."""

    id: str
    status: Literal["finished", "failed"]
    statusMsg: str
    createdAt: str
    updatedAt: str
    meta: dict[str, Any]
    persistedFields: dict[str, Any]


class Group(BaseModel):
    """A user group (JumpCloud v2, `UserGroup`)."""

    id: str
    name: str
    description: str
    type: Literal["user_group"]
    membershipMethod: Literal["STATIC"]
    organizationObjectId: str


class Target(BaseModel):
    """An object of the graph."""

    id: str
    type: str


class Connection(BaseModel):
    """An edge of the graph."""

    to: Target


class Reached(BaseModel):
    """An object of the graph and the ways that lead to it."""

    id: str
    type: str
    paths: list[list[Connection]]
    compiledAttributes: dict[str, Any]


class UserToImport(BaseModel):
    """An employee as a user to import (JumpCloud v2, `importUser`)."""

    id: str
    username: str | None = None
    email: str | None = None
    firstname: str | None = None
    lastname: str | None = None
    department: str | None = None
    jobTitle: str | None = None
    manager: str | None = None
    company: str | None = None
    costCenter: str | None = None
    employeeType: str | None = None
    employeeIdentifier: str | None = None
    location: str | None = None


class ToImport(BaseModel):
    """A page of employees to import."""

    users: list[UserToImport]
    total_count: int
    session_id: str
    cursor: str


class ImportResult(BaseModel):
    """What became of one employee of an import."""

    id: str
    status: str
    statusMsg: str
    createdAt: str
    updatedAt: str
    meta: dict[str, Any]
    persistedFields: dict[str, Any]
