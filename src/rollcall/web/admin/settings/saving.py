"""One way to save a page of settings: stored, audited and said."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import transaction
from django.forms.models import model_to_dict
from django.http import HttpRequest
from django.utils.translation import gettext

from rollcall.audit.actions import Action
from rollcall.web.shell import auditing


def save(
    request: HttpRequest,
    form: forms.ModelForm,  # type: ignore[type-arg]  # generic in the stubs only
    action: Action,
) -> None:
    before = {name: form.initial.get(name) for name in form.fields}
    with transaction.atomic():
        saved = form.save()
        auditing.record(
            request,
            action,
            target_type="settings",
            target_id=saved.pk,
            target=action.split(".")[1],
            before=before,
            after=model_to_dict(saved, fields=list(form.fields)),
        )
    messages.success(request, gettext("Saved."))
