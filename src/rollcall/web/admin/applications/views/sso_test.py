"""The test of single sign-on: who would get in, why, and what the application would be told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from rollcall.access import rehearsal
from rollcall.access.oidc.issuer import issuer
from rollcall.access.policies import gathering
from rollcall.access.rehearsal import Attempt
from rollcall.access.saml import addresses, connections
from rollcall.access.saml.answering import Nameless
from rollcall.accounts.actors import address_of
from rollcall.directory.models import Application, User
from rollcall.web.admin.applications import verdict
from rollcall.web.admin.applications.forms.sso_test import TestForm
from rollcall.web.admin.applications.sso_tab import client_of, tab_of
from rollcall.web.shell.pages import signed_in


@dataclass(frozen=True)
class Outcome:
    """What came of it; `told` are names and values, empty where nobody would be told anything."""

    user: User
    admitted: bool
    sentences: Sequence[str]
    told: Sequence[tuple[str, str]]


def test_sign_on(request: HttpRequest, application_id: str) -> HttpResponseBase:
    """Try it as oneself, where one is a user of the directory, or as the user that is named."""
    application = get_object_or_404(Application, pk=application_id)
    tab = tab_of(request, application)
    if tab is None or not tab.is_set_up:
        raise Http404
    own = signed_in(request).user
    initial = {"user": own.username if own else "", "ip": address_of(request)}
    form = TestForm(request.POST if request.method == "POST" else None, initial=initial)
    outcome = None
    if form.is_bound and form.is_valid():
        outcome = _tried(request, application, form.cleaned_data["user"], form.cleaned_data["ip"])
    elif not form.is_bound and own is not None:
        outcome = _tried(request, application, own, address_of(request))
    context = {"application": application, "form": form, "outcome": outcome}
    return render(request, "applications/test.html", context)


test_sign_on.__test__ = False  # type: ignore[attr-defined]  # it is a view, and no test of ours


def _tried(request: HttpRequest, application: Application, user: User, address: str) -> Outcome:
    account = signed_in(request)
    # Of oneself it is known what was proved; of others, what is usual.
    records = get_authentication_records(request, account) if account.user_id == user.pk else None
    proved = None if records is None else gathering.proved_by(records)
    result = rehearsal.rehearse(application, Attempt(user, address, proved))
    if result.refusal or result.account is None:
        return Outcome(user, False, verdict.sentences(result), [])
    try:
        told = _told(request, application, user)
    except Nameless:
        return Outcome(user, False, verdict.nameless(), [])
    return Outcome(user, result.admitted, verdict.sentences(result), told)


def _told(request: HttpRequest, application: Application, user: User) -> list[tuple[str, str]]:
    """What the application would be told, by the names of its protocol.

    Raises:
        Nameless: the user has nothing in the field that is to name them there.
    """
    told: dict[str, Any]
    if client := client_of(application):
        told = {"iss": issuer(request), "aud": client.client_id}
        told |= rehearsal.claims_told(application, user)
    elif connection := connections.of_application(application):
        us = addresses.entity_id(connection, request)
        told = rehearsal.statements_told(connection, user, us)
    else:  # taken away this very moment
        told = {}
    return [(name, _spelled(value)) for name, value in told.items()]


def _spelled(value: object) -> str:
    """The value as the application gets it; a list as a list, also of one."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
