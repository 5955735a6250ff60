"""The SSO tab for SAML: set up, changed, taken from metadata, and its certificates replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext

from rollcall.access.presets import PRESETS
from rollcall.access.saml import certificates, connections
from rollcall.access.saml.certificates import Unusable
from rollcall.access.saml.connections import Unregistrable
from rollcall.access.saml.messages.parsing import Unreadable
from rollcall.access.saml.models import Certificate, Connection
from rollcall.accounts.actors import actor_of
from rollcall.directory.models import Application
from rollcall.web.admin.applications.forms.saml import (
    LARGEST_METADATA,
    NewSamlForm,
    SamlForm,
    add_refusals,
    values_of,
)
from rollcall.web.admin.applications.sso_tab import tab_address
from rollcall.web.shell import confirm, once

Form = NewSamlForm | SamlForm


def change(request: HttpRequest, application: Application) -> HttpResponseBase | Form:
    """Do what was asked for; the form, with what is wrong, where it cannot be done."""
    connection = connections.of_application(application)
    if connection is None:
        return _set_up(request, application)
    deed = DEEDS.get(request.POST.get("action", ""))
    if deed is not None:
        return deed(request, connection)
    form = SamlForm(request.POST, configuration=connection.configuration)
    if form.is_valid() and _save(request, connection, form):
        return redirect(tab_address(application))
    return form


def _set_up(request: HttpRequest, application: Application) -> HttpResponseBase | Form:
    form = NewSamlForm(request, preset=PRESETS.get(application.name))
    if not form.is_valid():
        return form
    return once.made_once(request, lambda: _register(request, application, form)) or form


def _register(
    request: HttpRequest, application: Application, form: NewSamlForm
) -> HttpResponseRedirect | None:
    # Two people at once: the second finds it set up.
    Application.objects.select_for_update().get(pk=application.pk)
    if connections.of_application(application) is not None:
        messages.info(request, gettext("Somebody else has set it up meanwhile."))
        return redirect(tab_address(application))
    try:
        connections.register(actor_of(request), application, form.configuration())
    except Unregistrable as error:
        add_refusals(form, error.refusals)
        return None
    messages.success(request, gettext("Single sign-on is set up."))
    return redirect(tab_address(application))


def _save(request: HttpRequest, connection: Connection, form: SamlForm) -> bool:
    """Store what was changed; False where that is refused or clashes, which the form then says."""
    with transaction.atomic():
        row = Connection.objects.select_for_update().get(pk=connection.pk)
        if form.clashes(values_of(row.configuration)):
            return False
        try:
            connections.change(actor_of(request), row, form.wanted(row.configuration))
        except Unregistrable as error:
            add_refusals(form, error.refusals)
            return False
    messages.success(request, gettext("Saved."))
    return True


def _upload(request: HttpRequest, connection: Connection) -> HttpResponseBase:
    file = request.FILES.get("metadata")
    content = file.read(LARGEST_METADATA + 1) if file else b""
    try:
        if not content or len(content) > LARGEST_METADATA:
            raise Unreadable("empty, or too large")
        connections.upload_metadata(actor_of(request), connection, content)
    except (Unreadable, Unregistrable):
        messages.error(
            request, gettext("This is not the metadata of one application that takes SAML.")
        )
    else:
        messages.success(request, gettext("The application's metadata are taken over."))
    return redirect(tab_address(connection.application))


def _rotate(request: HttpRequest, connection: Connection) -> HttpResponseBase:
    def make() -> HttpResponseRedirect:
        try:
            certificates.rotate(actor_of(request), connection)
        except Unusable:
            messages.error(request, gettext("There are too many certificates: remove one first."))
        else:
            messages.success(
                request,
                gettext(
                    "A new certificate stands in the metadata. Let it sign once the application "
                    "knows it."
                ),
            )
        return redirect(tab_address(connection.application))

    return once.made_once(request, make) or redirect(tab_address(connection.application))


def _use(request: HttpRequest, connection: Connection) -> HttpResponseBase:
    certificate = _chosen(request, connection)
    back = tab_address(connection.application)
    if certificate is None:
        return redirect(back)
    if not confirm.is_confirmed(request):
        return confirm.ask(
            request,
            title=gettext("Let the new certificate sign?"),
            sentences=[
                gettext(
                    "Whatever does not know it yet lets nobody in from then on. The one before "
                    "stays in the metadata until you remove it."
                )
            ],
            yes=gettext("Let it sign"),
            back=back,
        )
    certificates.use(actor_of(request), certificate)
    messages.success(request, gettext("The certificate signs from now on."))
    return redirect(back)


def _remove(request: HttpRequest, connection: Connection) -> HttpResponseBase:
    certificate = _chosen(request, connection)
    back = tab_address(connection.application)
    if certificate is None:
        return redirect(back)
    if not confirm.is_confirmed(request):
        return confirm.ask(
            request,
            title=gettext("Remove the certificate?"),
            sentences=[gettext("It leaves the metadata, and its key is gone for good.")],
            yes=gettext("Remove"),
            back=back,
        )
    try:
        certificates.remove(actor_of(request), certificate)
    except Unusable:
        messages.error(request, gettext("This certificate signs: let another one sign first."))
    else:
        messages.success(request, gettext("The certificate is removed."))
    return redirect(back)


def _chosen(request: HttpRequest, connection: Connection) -> Certificate | None:
    fingerprint = request.POST.get("certificate", "")
    return connection.certificates.filter(fingerprint=fingerprint[:64]).first()


DEEDS: Final[Mapping[str, Callable[[HttpRequest, Connection], HttpResponseBase]]] = {
    "upload": _upload,
    "rotate": _rotate,
    "use": _use,
    "remove": _remove,
}
"""What the tab's buttons do beside saving the form."""
