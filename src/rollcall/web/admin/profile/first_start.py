"""The pages behind one-time links: the first administrator, and setting a password."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from rollcall.accounts import one_time_links
from rollcall.accounts.first_start import is_first_start
from rollcall.accounts.models import Administrator, OneTimeLink, Role
from rollcall.accounts.permissions import public_page
from rollcall.audit import recording
from rollcall.audit.actions import Action

BACKEND = settings.AUTHENTICATION_BACKENDS[-1]


class PasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )
    repeated = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Administrator | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self._email = person.email if person else ""

    def clean(self) -> dict[str, str]:
        """Both passwords agree and are good enough."""
        data: dict[str, str] = super().clean() or {}
        password, repeated = data.get("password"), data.get("repeated")
        if password and repeated and password != repeated:
            self.add_error("repeated", _("The two passwords differ."))
        if password:
            try:
                validate_password(password, Administrator(email=data.get("email", self._email)))
            except ValidationError as error:
                self.add_error("password", error)
        return data


class FirstAdministratorForm(PasswordForm):
    """The first administrator's e-mail and password."""

    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    field_order = ("email", "password", "repeated")


@public_page("first-start/<str:token>/", name="first-start")
@sensitive_post_parameters()
def first_start(request: HttpRequest, token: str) -> HttpResponseBase:
    """Set the first administrator's e-mail and password; once, while there is none."""
    link = one_time_links.find(token)
    if link is None or link.administrator is not None or not is_first_start():
        return _ended(request)
    form = FirstAdministratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _make_first(request, link, form.cleaned_data["email"], form.cleaned_data["password"])
        return _sign_in(request, made) if made else _ended(request)
    return render(request, "portal/first_start.html", {"form": form})


@public_page("set-password/<str:token>/", name="set-password")
@sensitive_post_parameters()
def set_password(request: HttpRequest, token: str) -> HttpResponseBase:
    """Set the password of an invited administrator, or of one whose password was reset."""
    link = one_time_links.find(token)
    if link is None or link.administrator is None or not link.administrator.is_active:
        return _ended(request)
    form = PasswordForm(request.POST or None, person=link.administrator)
    if request.method == "POST" and form.is_valid():
        used = _set(request, link, link.administrator, form.cleaned_data["password"])
        return redirect("account_login") if used else _ended(request)
    context = {"form": form, "email": link.administrator.email}
    return render(request, "portal/set_password.html", context)


@transaction.atomic
def _make_first(
    request: HttpRequest, link: OneTimeLink, email: str, password: str
) -> Administrator | None:
    if not one_time_links.use(link):
        return None
    made = Administrator.objects.create_user(email, password, role=Role.ADMINISTRATOR)
    recording.record(
        actor=made.email,
        source="portal",
        address=str(request.META.get("REMOTE_ADDR", "")),
        action=Action.ADMINISTRATOR_FIRST,
        target_type="administrator",
        target_id=str(made.pk),
        target=made.email,
        after={"email": made.email, "role": made.role},
    )
    return made


@transaction.atomic
def _set(request: HttpRequest, link: OneTimeLink, person: Administrator, password: str) -> bool:
    if not one_time_links.use(link):
        return False
    person.set_password(password)
    person.save(update_fields=["password"])
    recording.record(
        actor=person.email,
        source="portal",
        address=str(request.META.get("REMOTE_ADDR", "")),
        action=Action.ACCOUNT_PASSWORD_SET,
        target_type="administrator",
        target_id=str(person.pk),
        target=person.email,
    )
    return True


def _sign_in(request: HttpRequest, made: Administrator) -> HttpResponseBase:
    login(request, made, backend=BACKEND)
    record_authentication(request, made, method="password")
    return redirect("home")


def _ended(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/link_ended.html", status=410)
