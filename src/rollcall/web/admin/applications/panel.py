"""What the panel of an application shows: its tabs, and everything on each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.directory import catalogue, groups
from rollcall.directory.models import Application, User, UserGroup
from rollcall.imports.models import Connection, Run
from rollcall.sources import registry
from rollcall.sources.base import SourceKind
from rollcall.web.admin.applications.forms.application import (
    BOOKMARK,
    GENERAL_INFO,
    ApplicationForm,
)
from rollcall.web.admin.applications.sso_tab import SsoTab, protocol_of, tab_of

RUNS_SHOWN = 5


@dataclass(frozen=True)
class PanelTab:
    """One tab of the panel: its key in the address, its label, and whether it is open."""

    key: str
    label: str | Promise
    lit: bool


Labels = dict[str, str | Promise]


def panel(
    request: HttpRequest,
    application: Application,
    form: ApplicationForm,
    *,
    is_new: bool,
    sso: SsoTab | None = None,
) -> HttpResponse:
    """The panel's page; `sso` is the SSO tab with what was typed there, None where nothing was."""
    imports = is_import(application)
    signs_on = protocol_of(application) is not None
    has_bookmark = imports or not signs_on
    tabs = _tabs(signs_on=signs_on, has_bookmark=has_bookmark)
    # An error must be seen, whichever tab was open.
    asked = "sso" if sso else _with_errors(form) or request.GET.get("tab", "")
    lit = asked if asked in tabs else next(iter(tabs))
    general = GENERAL_INFO if has_bookmark else (*GENERAL_INFO, *BOOKMARK)
    context: dict[str, Any] = {
        "application": application,
        "form": form,
        "heading": _heading(application, form, is_new=is_new),
        "is_new": is_new,
        "tabs": [PanelTab(key, label, key == lit) for key, label in tabs.items()],
        "open_tab": lit,
        "general_info": [form[name] for name in general if name in form.fields],
        "bookmark": [form[name] for name in BOOKMARK] if has_bookmark else [],
        "signs_on": signs_on,
        "imports": imports,
    }
    if not is_new:
        context |= _groups(application)
        context |= _identities(application) if imports else {}
        context["sso"] = sso or tab_of(request, application)
    return render(request, "applications/panel.html", context)


def _tabs(*, signs_on: bool, has_bookmark: bool) -> Labels:
    tabs: Labels = {"general-info": _("General Info")}
    if signs_on:
        tabs["sso"] = _("SSO")
    if has_bookmark:
        tabs["bookmark"] = _("Bookmark")
    return {
        **tabs,
        "identity-management": _("Identity Management"),
        "user-groups": _("User Groups"),
    }


def is_import(application: Application) -> bool:
    """Whether the application's template has a connector that brings employees."""
    try:
        return catalogue.template(application.name).kind == "import"
    except KeyError:  # made over the API from a template that is not in the catalogue
        return False


def importing(application_id: str) -> Application:
    """The application of this id.

    Raises:
        Http404: there is none, or it brings no employees.
    """
    application = get_object_or_404(Application, pk=application_id)
    if not is_import(application):
        raise Http404
    return application


def is_inactive(request: HttpRequest, application: Application) -> HttpResponse:
    """Back to the panel, saying that an inactive application imports nothing."""
    messages.warning(
        request,
        gettext("{label} is inactive. Activate it; then import its employees.").format(
            label=application.displayLabel
        ),
    )
    address = reverse("application", args=[application.pk])
    return redirect(f"{address}?tab=identity-management")


def kind_of(application: Application) -> SourceKind[Any]:
    """The kind of source that the application's template brings employees from."""
    return registry.get(catalogue.template(application.name).source)


def connection_of(application: Application) -> Connection | None:
    """The connection that this application's imports go over, None before the first one."""
    return Connection.objects.filter(application=application).first()


def _heading(application: Application, form: ApplicationForm, *, is_new: bool) -> str:
    """What the page is called: by the label that is there or being typed, and never nothing."""
    typed = str(form["displayLabel"].value() or "").strip() if is_new else ""
    # An application without a label is made over the API, or while it is still being typed.
    return typed or application.displayLabel.strip() or application.name


def _with_errors(form: ApplicationForm) -> str:
    """The first tab that has something to correct; "" where all is well."""
    if not form.is_bound or form.is_valid():
        return ""
    return "general-info" if any(name in form.errors for name in GENERAL_INFO) else "bookmark"


def _groups(application: Application) -> Mapping[str, Any]:
    bound = application.groups.order_by("name")
    return {
        "bound": bound,
        # More than this nobody finds in a drop-down.
        "unbound": UserGroup.objects.exclude(pk__in=bound.values("pk")).order_by("name")[:500],
    }


def _identities(application: Application) -> Mapping[str, Any]:
    connection = connection_of(application)
    source = connection.key if connection else ""
    # Before the first import there is no source: nobody was brought, and nobody is missing.
    missing = groups.users_in_no_bound_group(application).imported(source)
    brought = User.objects.imported(source)
    kind = kind_of(application)
    return {
        "connection": connection,
        "source_label": kind.label,
        "is_scheduled": kind.is_scheduled,
        "is_file": kind.file is not None,
        "kept": bool(connection and connection.sealed_credentials),
        "runs": Run.objects.filter(connection=connection)[:RUNS_SHOWN] if connection else [],
        "has_imported": brought.order_by().exists(),
        "missing_count": missing.order_by().count(),
        "missing": missing[:5],
    }
