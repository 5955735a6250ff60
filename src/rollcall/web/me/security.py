"""One's own security: password, factors with their names, SSH keys, sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from rollcall.accounts import factors, sessions, ssh_keys
from rollcall.accounts.actors import actor_of
from rollcall.accounts.errors import SshKeyRefusedError
from rollcall.accounts.factor_rules import RECOVERY_CODES, TOTP, WEBAUTHN
from rollcall.accounts.ssh_keys import Fault
from rollcall.directory.models import User
from rollcall.web.shell import once
from rollcall.web.shell.pages import signed_in

FAULTS: Final[Mapping[Fault, Promise]] = {
    Fault.NAME: _("Leave control characters out."),
    Fault.PRIVATE: _(
        "This is a private key, which is for nobody but you. Do not use it any more; make a new "
        "pair and paste the line of the .pub file."
    ),
    Fault.MALFORMED: _("Paste the one line of a .pub file, as in ssh-ed25519 AAAA…"),
    Fault.TYPE: _("Keys of this type are not taken: use Ed25519, ECDSA or RSA."),
    Fault.WEAK: _("An RSA key has 2048 bits at least; better use Ed25519."),
    Fault.THERE: _("You have this key already."),
    Fault.TOO_MANY: _("You have 50 keys already: remove one first."),
}
"""Why a key is not taken, in the person's words."""


class SshKeyForm(forms.Form):
    """A public SSH key, and what it is called."""

    name = forms.CharField(
        label=_("Name"),
        max_length=ssh_keys.LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Such as the computer that has the private key."),
    )
    public_key = forms.CharField(
        label=_("Public key"),
        max_length=ssh_keys.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("The line of a .pub file. The comment at its end is not kept."),
    )

    def refuse(self, fault: Fault) -> None:
        """Show why the key is not taken."""
        self.add_error("name" if fault is Fault.NAME else "public_key", str(FAULTS[fault]))
        if fault is Fault.PRIVATE:
            # Not shown again, on a screen that others may see.
            data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            data["public_key"] = ""
            self.data = data


@sensitive_post_parameters("public_key")
def show_security(request: HttpRequest) -> HttpResponseBase:
    """Password, second factors, SSH keys and sessions; keys are added and removed here."""
    if before := once.sent_before(request):
        return before
    account = signed_in(request)
    action = request.POST.get("action") if account.user else None
    if account.user and action == "remove-key":
        return _remove(request, account.user)
    form = SshKeyForm(request.POST if action == "add-key" else None)
    if account.user and action == "add-key" and form.is_valid():
        user = account.user
        added = once.made_once(request, lambda: _add(request, user, form))
        if added is not None:
            return added
    return render(request, "me/security.html", _context(request, form))


def _context(request: HttpRequest, form: SshKeyForm) -> dict[str, Any]:
    account = signed_in(request)
    held = list(Authenticator.objects.filter(user=account.pk).order_by("created_at", "pk"))
    codes = next((each for each in held if each.type == RECOVERY_CODES), None)
    return {
        "allowed": factors.rules().allowed,
        "app": next((each for each in held if each.type == TOTP), None),
        "security_keys": [(each, each.wrap()) for each in held if each.type == WEBAUTHN],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "is_user": account.user_id is not None,
        "ssh_keys": ssh_keys.of(account.user_id) if account.user_id else (),
        "form": form,
        "sessions": len(sessions.of(account, request.session.session_key)),
    }


def _add(request: HttpRequest, user: User, form: SshKeyForm) -> HttpResponseRedirect | None:
    name, text = form.cleaned_data["name"], form.cleaned_data["public_key"]
    try:
        ssh_keys.add(actor_of(request), user, name, text)
    except SshKeyRefusedError as error:
        form.refuse(error.fault)
        return None
    messages.success(request, gettext("The key is added."))
    return redirect("me-security")


def _remove(request: HttpRequest, user: User) -> HttpResponseBase:
    if ssh_keys.remove(actor_of(request), user, request.POST.get("key", "")):
        messages.success(request, gettext("The key is removed."))
    return redirect("me-security")
