"""The SSO tab for OpenID Connect: made a client, its addresses changed, its secret replaced."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext

from rollcall.access.oidc import clients, login_address, mapped_claims
from rollcall.access.oidc.models import Client
from rollcall.access.presets import PRESETS
from rollcall.accounts.actors import actor_of
from rollcall.core.sealing import seal
from rollcall.directory.models import Application
from rollcall.web.admin.applications.forms.oidc import NewClientForm, OidcForm, values_of
from rollcall.web.admin.applications.sso_tab import client_of, tab_address
from rollcall.web.shell import confirm, once

SHOWN: Final = "rollcall_client_secret_to_show"
"""Where the session keeps, sealed, the secret that is to be shown next."""

Form = NewClientForm | OidcForm


def change(request: HttpRequest, application: Application) -> HttpResponseBase | Form:
    """Do what was asked for; the form, with what is wrong, where it cannot be done."""
    client = client_of(application)
    if client is not None and request.POST.get("action") == "rotate":
        return _rotate(request, application, client)
    form: Form = (
        OidcForm(request.POST, client=client)
        if client
        else NewClientForm(request.POST, preset=PRESETS.get(application.name))
    )
    if not form.is_valid():
        return form
    return _carried_out(request, application, form) or form


def _carried_out(
    request: HttpRequest, application: Application, form: OidcForm | NewClientForm
) -> HttpResponseBase | None:
    """Where what was typed leads; None where it is refused, which the form then says."""
    if isinstance(form, NewClientForm):
        return once.made_once(request, lambda: _register(request, application, form))
    return _save(request, application, form)


def _register(
    request: HttpRequest, application: Application, form: NewClientForm
) -> HttpResponseRedirect | None:
    # Two people at once: the second finds it set up, and no second client is made.
    Application.objects.select_for_update().get(pk=application.pk)
    if client_of(application) is not None:
        messages.info(request, gettext("Somebody else has set it up meanwhile."))
        return redirect(tab_address(application))
    actor = actor_of(request)
    client, secret = clients.register(actor, application, form.registration())
    login_address.change_login_address(actor, client, form.cleaned_data["initiate_login_uri"])
    messages.success(request, gettext("Single sign-on is set up."))
    if not secret:
        return redirect(tab_address(application))
    return _to_secret(request, application, client, secret)


@transaction.atomic
def _save(
    request: HttpRequest, application: Application, form: OidcForm
) -> HttpResponseBase | None:
    client = Client.objects.select_for_update().get(application=application.pk)
    if form.clashes(values_of(client)):
        return None
    actor = actor_of(request)
    login = form.edited(form.cleaned_data).get("initiate_login_uri", client.initiate_login_uri)
    rules = form.rules(client)
    clients.change(actor, client, form.registration(client))
    mapped_claims.change_claims(actor, client, rules)
    login_address.change_login_address(actor, client, login)
    messages.success(request, gettext("Saved."))
    return redirect(tab_address(application))


def _rotate(request: HttpRequest, application: Application, client: Client) -> HttpResponseBase:
    """Ask, saying what it breaks; then make a new secret and show it."""
    if client.is_public:
        raise Http404
    if not confirm.is_confirmed(request):
        return confirm.ask(
            request,
            title=gettext("Replace the client secret of {label}?").format(
                label=application.displayLabel
            ),
            sentences=[
                gettext(
                    "The old secret is refused from then on: nobody gets in by single sign-on "
                    "until the application has got the new one."
                )
            ],
            yes=gettext("Replace"),
            back=tab_address(application),
        )
    actor = actor_of(request)
    answer = once.made_once(
        request,
        lambda: _to_secret(request, application, client, clients.rotate_secret(actor, client)),
    )
    return answer or redirect(tab_address(application))


def _to_secret(
    request: HttpRequest, application: Application, client: Client, secret: str
) -> HttpResponseRedirect:
    """The way to the page that shows it, at which the session holds it: sealed, as all of those."""
    request.session[SHOWN] = {"client": client.pk, "secret": seal(secret).decode("ascii")}
    return redirect("application-secret", application_id=application.pk)
