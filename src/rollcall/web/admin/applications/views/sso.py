"""The SSO tab: what was sent goes to the protocol that the application signs people on by."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from rollcall.access.presets.preset import Protocol
from rollcall.core.sealing import unseal
from rollcall.directory.models import Application
from rollcall.web.admin.applications.panel import panel
from rollcall.web.admin.applications.sso_tab import client_of, tab_address, tab_of
from rollcall.web.admin.applications.views import sso_oidc, sso_saml
from rollcall.web.admin.applications.views.application import unchanged_form
from rollcall.web.shell import once

CHANGES = {Protocol.OIDC: sso_oidc.change, Protocol.SAML: sso_saml.change}


def change_sso(request: HttpRequest, application_id: str) -> HttpResponseBase:
    """Set up single sign-on, or change how the application signs people on."""
    application = get_object_or_404(Application, pk=application_id)
    before = tab_of(request, application)
    if before is None:
        raise Http404
    if request.method != "POST":
        return redirect(tab_address(application))
    if answered := once.sent_before(request):
        return answered
    if not (before.is_set_up or before.is_ready):
        return panel(request, application, unchanged_form(application), is_new=False, sso=before)
    answer = CHANGES[before.protocol](request, application)
    if isinstance(answer, HttpResponseBase):
        return answer
    tab = tab_of(request, application, answer)
    return panel(request, application, unchanged_form(application), is_new=False, sso=tab)


def show_secret(request: HttpRequest, application_id: str) -> HttpResponseBase:
    """The client secret that was just made; at the next look it is gone."""
    application = get_object_or_404(Application, pk=application_id)
    client = client_of(application)
    kept = request.session.get(sso_oidc.SHOWN)
    if client is None or not kept or kept["client"] != client.pk:
        messages.info(request, gettext("A client secret is shown once, when it is made."))
        return redirect(tab_address(application))
    # Gone before it is shown: not even a reload shows it again.
    del request.session[sso_oidc.SHOWN]
    secret = unseal(kept["secret"].encode())
    context = {"application": application, "client": client, "secret": secret}
    return render(request, "applications/secret.html", context)
