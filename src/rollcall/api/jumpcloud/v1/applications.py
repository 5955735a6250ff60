"""`/api/applications` and `/api/application-templates` (JumpCloud v1)."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from rollcall.access.saml.views import description
from rollcall.api.auth import actor_of
from rollcall.api.jumpcloud.errors import bad_request, not_found
from rollcall.api.jumpcloud.moments import moment
from rollcall.api.jumpcloud.query import DEFAULT_LIMIT, check_page, filtered, ordering, paged
from rollcall.api.jumpcloud.refusals import problem_of
from rollcall.api.jumpcloud.response_schemas import (
    Message,
    ShownApplication,
    ShownApplications,
    Template,
    Templates,
)
from rollcall.api.jumpcloud.responses import answer
from rollcall.api.jumpcloud.serializers import wanted
from rollcall.api.jumpcloud.v1 import saml, single_sign_on, templates
from rollcall.api.jumpcloud.v1.users import REFUSALS, organization, refuse_what_is_not_kept
from rollcall.core.labels import APPLICATION_LIMITS
from rollcall.directory import catalogue, services
from rollcall.directory.models import Application
from rollcall.imports import deactivation

router = Router(tags=["Applications"])
DRAFTED = ("name", "displayLabel", "description", "ssoUrl", "color")
"""What an application has of its template."""
COLUMNS = {
    "_id": "id",
    "id": "id",
    "name": "name",
    "displayName": "displayLabel",
    "displayLabel": "displayLabel",
    "description": "description",
    "ssoUrl": "ssoUrl",
    "active": "active",
    "created": "created",
}
"""The fields that applications can be filtered and sorted by."""


def _text(limit: int) -> Any:
    """What the description tells of a text's limit; that it holds is for the directory's rules."""
    return Field(json_schema_extra={"maxLength": limit})


Label: TypeAlias = Annotated[str, _text(APPLICATION_LIMITS["displayLabel"])]
WebAddress: TypeAlias = Annotated[str, _text(APPLICATION_LIMITS["ssoUrl"])]


class ApplicationChange(BaseModel):
    """The fields of an application that a client may set."""

    displayName: Label | None = None
    displayLabel: Label | None = None
    description: Annotated[str | None, Field(max_length=256)] = None
    ssoUrl: WebAddress | None = None
    config: dict[str, Any] | None = None
    active: bool | None = None


class NewApplication(ApplicationChange):
    """The body of POST applications: the template's `name`, its `config`, and an address."""

    name: Annotated[str, _text(APPLICATION_LIMITS["name"])]
    config: dict[str, Any]
    ssoUrl: WebAddress


@router.get("/applications", response={200: ShownApplications, **REFUSALS}, by_alias=True)
def list_applications(
    request: HttpRequest,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
    sort: str = "",
    fields: str = "",
    filter: Query[list[str]] = [],  # noqa: B006 - ninja copies it
) -> HttpResponse:
    """A page of applications."""
    rows = Application.objects.select_related("oidc_client", "saml_connection")
    applications = rows.filter(filtered(filter, COLUMNS))
    page = paged(applications.order_by(*ordering(sort, COLUMNS)), limit, skip)
    owner = organization()
    results = [_only(fields, shown(application, owner)) for application in page]
    return answer({"totalCount": applications.count(), "results": results})


@router.post("/applications", response={200: ShownApplication, **REFUSALS}, by_alias=True)
def create_application(request: HttpRequest, payload: NewApplication) -> HttpResponse:
    """Configure an application from a template."""
    try:
        draft = catalogue.draft(payload.name)
    except KeyError:
        raise bad_request("Bad Request: no application template has this name") from None
    values = {name: getattr(draft, name) for name in DRAFTED} | _values(payload)
    (made,) = services.create_applications(actor_of(request), [services.NewApplication(values)])
    return answer(shown(_written(made), organization()))


@router.get(
    "/applications/{id}", response={200: ShownApplication, 404: Message, **REFUSALS}, by_alias=True
)
def read_application(request: HttpRequest, id: str) -> HttpResponse:
    """One application."""
    return answer(shown(the_application(id), organization()))


@router.put(
    "/applications/{id}", response={200: ShownApplication, 404: Message, **REFUSALS}, by_alias=True
)
def change_application(
    request: HttpRequest,
    id: str,
    payload: ApplicationChange,
) -> HttpResponse:
    """Change an application; what is left out stays. Inactive, its imports and schedule end."""
    application = the_application(id)
    refuse_what_is_not_kept(request, payload)
    saml.change(actor_of(request), application, payload.config)
    change = services.ApplicationChange(application.pk, _values(payload, application))
    (changed,) = services.update_applications(actor_of(request), [change])
    written = _written(changed)
    if application.active and not written.active:
        deactivation.end_imports(actor_of(request), written)
    return answer(shown(written, organization()))


@router.delete(
    "/applications/{id}",
    response={200: ShownApplication, 404: Message, 409: Message, **REFUSALS},
    by_alias=True,
)
def delete_application(request: HttpRequest, id: str) -> HttpResponse:
    """Delete an application and its bindings."""
    application = the_application(id)
    # The vendor answers a deletion with what was deleted.
    gone = shown(application, organization())
    (deleted,) = services.delete_applications(actor_of(request), [application.pk])
    _written(deleted)
    return answer(gone)


@router.get(
    "/organizations/{organization_id}/applications/{id}/metadata.xml",
    response={404: Message, **REFUSALS},
)
def read_metadata(request: HttpRequest, organization_id: str, id: str) -> HttpResponse:
    """What Rollcall is to an application of SAML: its metadata, as XML."""
    connection = saml.connection_of(the_application(id))
    if organization_id != organization() or connection is None:
        raise not_found()
    return HttpResponse(description.of(connection, request), content_type=description.MEDIA_TYPE)


@router.get("/application-templates", response={200: Templates, **REFUSALS}, by_alias=True)
def list_templates(
    request: HttpRequest,
    limit: int = DEFAULT_LIMIT,
    skip: int = 0,
    sort: str = "",
    fields: str = "",
    filter: Query[list[str]] = [],  # noqa: B006 - ninja copies it
) -> HttpResponse:
    """A page of the templates that applications are made from."""
    check_page(limit, skip)
    matches = templates.matching(filter, sort)
    rows = [templates.with_fields(template, fields) for template in matches[skip : skip + limit]]
    return answer({"totalCount": len(matches), "results": rows})


@router.get(
    "/application-templates/{id}", response={200: Template, 404: Message, **REFUSALS}, by_alias=True
)
def read_template(request: HttpRequest, id: str, fields: str = "") -> HttpResponse:
    """One template, by its id or its name."""
    for template in templates.every():
        if id in {template["name"], template["_id"]}:
            return answer(templates.with_fields(template, fields))
    raise not_found()


def the_application(application_id: str) -> Application:
    """The application with this id.

    Raises:
        Problem: 404 where there is none.
    """
    usable = "\0" not in application_id
    rows = Application.objects.select_related("oidc_client", "saml_connection")
    application = rows.filter(pk=application_id).first() if usable else None
    if application is None:
        raise not_found()
    return application


def shown(application: Application, owner: str) -> dict[str, Any]:
    """The application in the vendor's form."""
    made: dict[str, Any] = {
        "_id": application.id,
        "id": application.id,
        "name": application.name,
        "displayName": application.displayLabel,
        "displayLabel": application.displayLabel,
        "description": application.description,
        "ssoUrl": saml.sso_url(application),
        "config": saml.config(application),
        "active": application.active,
        "beta": False,
        "organization": owner,
        "created": moment(application.created),
        "sso": single_sign_on.sso_of(application),
    }
    if oidc := single_sign_on.oidc_of(application):
        made["oidc"] = oidc
    if application.color:
        made["color"] = application.color
    if application.logo:
        made["logo"] = {"url": application.logo}
    return made


def _only(fields: str, made: dict[str, Any]) -> dict[str, Any]:
    names = wanted(fields) & made.keys()
    if not names:
        return made
    # the vendor's description requires these three of every application
    keep = names | {"_id", "config", "name", "ssoUrl"}
    return {name: value for name, value in made.items() if name in keep}


def _values(given: ApplicationChange, application: Application | None = None) -> dict[str, Any]:
    """The application's fields that these fields set; what is left out stays.

    Where people are signed on by SAML, its address and its `config` are those of the connection.
    """
    values = {
        "displayLabel": given.displayLabel or given.displayName,
        "description": given.description,
        "ssoUrl": given.ssoUrl,
        "config": given.config,
        "active": given.active,
    }
    others = ("ssoUrl", "config") if application and saml.connection_of(application) else ()
    return {
        name: value for name, value in values.items() if value is not None and name not in others
    }


def _written(result: services.ApplicationResult) -> Application:
    if isinstance(result, services.Refused):
        raise problem_of(result)
    return result
