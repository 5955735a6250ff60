"""One's recovery e-mail: typed with a fresh proof, taken once a link to it is followed."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts import recovery
from rollcall.accounts.actors import actor_of
from rollcall.accounts.forms import AccountEmailField
from rollcall.accounts.portal_address import base_url
from rollcall.mail import server
from rollcall.web.shell.pages import signed_in


class RecoveryForm(forms.Form):
    """The address, which is no company address where somebody has lost that."""

    email = AccountEmailField(
        help_text=_("The link for a forgotten password goes there as well as to your e-mail.")
    )

    def __init__(self, *args: object, company: str, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # Django's own
        self.fields["email"].label = _("Recovery e-mail")
        self._company = company

    def clean_email(self) -> str:
        """Another address than the one that gets the links anyway."""
        email = str(self.cleaned_data["email"])
        if email == self._company:
            raise forms.ValidationError(gettext("This is your e-mail already: type another one."))
        return email


def edit_recovery(request: HttpRequest) -> HttpResponseBase:
    """The recovery e-mail, and the form that sends the link to another one."""
    account = signed_in(request)
    if request.method == "POST" and request.POST.get("action") == "remove":
        recovery.remove(actor_of(request), account)
        messages.success(request, gettext("You have no recovery e-mail any more."))
        return redirect("me-recovery")
    form = RecoveryForm(request.POST or None, company=account.address)
    if request.method == "POST" and form.is_valid() and account.user_id is not None:
        if recovery.begin(account, form.cleaned_data["email"], base_url(request)):
            sent = gettext("Follow the link that is on its way to this address.")
            messages.success(request, sent)
        else:
            messages.warning(request, gettext("A link was just sent: wait a minute."))
        return redirect("me-recovery")
    context = {
        "form": form,
        "present": recovery.address_of(account),
        "is_user": account.user_id is not None,
        "sends_mail": server.is_set(),
    }
    return render(request, "me/recovery.html", context)


def confirm_recovery(request: HttpRequest, token: str) -> HttpResponseBase:
    """What the link leads to: a page that asks, since programs open links as well."""
    account = signed_in(request)
    if request.method == "POST":
        if recovery.confirm(actor_of(request), account, token):
            messages.success(request, gettext("This is your recovery e-mail from now on."))
        else:
            messages.error(request, gettext("This link has ended."))
        return redirect("me-recovery")
    if not recovery.is_pending(account, token):
        messages.error(request, gettext("This link has ended."))
        return redirect("me-recovery")
    return render(request, "me/recovery_confirm.html", {"address": account.recovery_pending})
