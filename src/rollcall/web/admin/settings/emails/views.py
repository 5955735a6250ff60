"""Settings → E-mails: the texts with a preview, the look, and the welcome e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts import mail_texts
from rollcall.accounts.actors import actor_of
from rollcall.accounts.letters import Kind, Text
from rollcall.accounts.models import EmailLook, EmailText
from rollcall.directory.models import Organization
from rollcall.web.admin.settings.emails.forms import LookForm, TextForm
from rollcall.web.shell.middleware import csp

NAMES: Final[Mapping[Kind, Promise]] = {
    Kind.ACTIVATION: _("Activation"),
    Kind.RESET: _("Forgotten password"),
    Kind.RECOVERY_ADDRESS: _("Recovery e-mail to confirm"),
    Kind.EXPIRY_WARNING: _("Password expires soon"),
    Kind.LOCK_OUT: _("Locked after wrong passwords"),
    Kind.WELCOME: _("Welcome"),
}


def list_texts(request: HttpRequest) -> HttpResponseBase:
    """Every e-mail with its languages, and how all look."""
    look = EmailLook.the()
    values = {"color": look.color, "welcomes": look.welcomes}
    form = LookForm(request.POST or None, request.FILES or None, initial=values)
    if request.method == "POST" and form.is_valid():
        logo = "" if form.cleaned_data["no_logo"] else form.cleaned_data["logo"]
        mail_texts.save_look(
            actor_of(request),
            color=form.cleaned_data["color"],
            logo=logo,
            welcomes=form.cleaned_data["welcomes"],
        )
        messages.success(request, gettext("Saved."))
        return redirect("settings-emails")
    own = set(EmailText.objects.values_list("kind", "language"))
    rows = [
        (
            kind.value,
            NAMES[kind],
            [(code, name, (kind.value, code) in own) for code, name in _languages()],
        )
        for kind in Kind
    ]
    return render(request, "emails/list.html", {"form": form, "rows": rows, "logo": look.logo})


def edit_text(request: HttpRequest, kind: str, language: str) -> HttpResponseBase:
    """Word one e-mail, with what it looks like; `default` takes our words back."""
    if kind not in list(Kind) or language not in dict(_languages()):
        raise Http404
    of, action = Kind(kind), request.POST.get("action", "")
    if action == "default":
        mail_texts.save_text(actor_of(request), of, language, None)
        messages.success(request, gettext("Saved."))
        return redirect("settings-email", kind=kind, language=language)
    text = mail_texts.text_of(of, language)
    form = TextForm(request.POST or None, kind=of, text=text)
    if request.method == "POST" and form.is_valid():
        text = form.text
        if action != "preview":
            mail_texts.save_text(actor_of(request), of, language, text)
            messages.success(request, gettext("Saved."))
            return redirect("settings-email", kind=kind, language=language)
    context = {"form": form, "name": NAMES[of], "language": dict(_languages())[language]}
    page = render(request, "emails/text.html", context | _preview(of, text))
    # An e-mail's styles stand beside its words, and the frame of the preview takes the page's
    # policy over. All that is shown is escaped, and no script runs in the frame.
    page.headers["Content-Security-Policy"] = csp.POLICY.replace(
        "style-src 'self'", "style-src 'self' 'unsafe-inline'"
    )
    return page


def _preview(kind: Kind, text: Text) -> dict[str, str]:
    look = EmailLook.the()
    shown = look.shown(Organization.the().displayName)
    subject, plain, html = mail_texts.previewed(kind, text, shown, look.logo)
    return {"subject": subject, "plain": plain, "html": html}


def _languages() -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)
