"""A policy: made and changed in one form, foreseen before it is saved, and deleted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from rollcall.access.policies import foresight, services
from rollcall.access.policies.decision.faults import Malformed
from rollcall.access.policies.decision.parsing import Document
from rollcall.access.policies.errors import Gone, NeedsConfirmation
from rollcall.access.policies.models import AccessPolicy
from rollcall.accounts.actors import actor_of, address_of
from rollcall.web.admin.policies import drafts, faults, foreseen
from rollcall.web.admin.policies.editor import ACT, Editor, canonical
from rollcall.web.admin.policies.forms import PolicyForm
from rollcall.web.shell import confirm, once

STAGE: Final = "stage"
SAVE: Final = "save"
"""What the page of the foresight sends; the form itself leads there first."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy in its form: what is stored, what was typed, and the editor of its conditions."""

    policy: AccessPolicy | None
    now: Mapping[str, Any]
    form: PolicyForm
    editor: Editor
    is_whole: bool

    def is_valid(self) -> bool:
        """Whether it can be used; each part is asked, so that each shows what is wrong."""
        return self.form.is_valid() and self.is_whole

    def values(self, now: Mapping[str, Any]) -> dict[str, Any]:
        """These values of what is stored, with what was changed in the form."""
        return {**now, **self.form.edited(self.form.cleaned_data)}


def add_policy(request: HttpRequest) -> HttpResponseBase:
    """A new policy."""
    return once.sent_before(request) or _answer(request, None)


def edit_policy(request: HttpRequest, policy_id: str) -> HttpResponseBase:
    """Change a policy, or delete it."""
    policy = get_object_or_404(AccessPolicy, pk=policy_id)
    if request.POST.get("action") == "delete":
        return _delete(request, policy)
    return _answer(request, policy)


def _answer(request: HttpRequest, policy: AccessPolicy | None) -> HttpResponseBase:
    draft = _draft(request, policy)
    if request.method != "POST":
        return _page(request, draft)
    if act := request.POST.get(ACT):
        draft.editor.act(act, request.POST)
        draft.form.quiet()
        return _page(request, draft)
    if not draft.is_valid():
        return _page(request, draft)
    try:
        return _go_on(request, draft) or _page(request, draft)
    except Malformed as error:
        faults.add_to(draft.form, error)
        return _page(request, draft)
    except NeedsConfirmation as error:
        return _ask(request, draft, error)
    except Gone:
        messages.warning(request, gettext("The policy has been deleted meanwhile."))
        return redirect("policies")


def _go_on(request: HttpRequest, draft: Draft) -> HttpResponseBase | None:
    """The page of what it would have done, or the way on from what was saved; None at a clash."""
    if request.POST.get(STAGE) != SAVE:
        document = _document(draft, draft.now)
        replaced = draft.policy.pk if draft.policy else ""
        return foreseen.page(request, document, replaced)
    if draft.policy is None:
        return once.made_once(request, lambda: _create(request, draft))
    return _change(request, draft, draft.policy.pk)


def _draft(request: HttpRequest, policy: AccessPolicy | None) -> Draft:
    now = drafts.values_of(policy) if policy else drafts.NEW
    if request.method != "POST":
        editor = Editor.of(json.loads(now["conditions"]))
        return Draft(policy, now, PolicyForm(None, now=now), editor, is_whole=True)
    editor = Editor.sent(request.POST)
    # While rows are still being added, nothing is made of them.
    typed = None if request.POST.get(ACT) else editor.conditions()
    data = request.POST.copy()
    data["conditions"] = now["conditions"] if typed is None else canonical(typed)
    return Draft(policy, now, PolicyForm(data, now=now), editor, is_whole=typed is not None)


def _document(draft: Draft, now: Mapping[str, Any]) -> Document:
    kept = [*str(now["users"]).splitlines(), *str(now["not_users"]).splitlines()]
    return drafts.document(draft.values(now), kept)


def _create(request: HttpRequest, draft: Draft) -> HttpResponseRedirect:
    document = _document(draft, drafts.NEW)
    policy = services.create_policy(
        actor_of(request), document, confirmed=confirm.is_confirmed(request)
    )
    messages.success(request, gettext("{name} was created.").format(name=policy.name))
    return redirect("policies")


@transaction.atomic
def _change(request: HttpRequest, draft: Draft, id_: str) -> HttpResponseBase | None:
    """Write what was changed; None where that clashes with what somebody else has written."""
    services.hold()
    held = AccessPolicy.objects.filter(pk=id_).first()
    if held is None:
        raise Gone
    now = drafts.values_of(held)
    if draft.form.clashes(now):
        return None
    document = _document(draft, now)
    edited = draft.form.edited(draft.form.cleaned_data).keys()
    changes = {name: getattr(document, name) for name in _touched(edited)}
    services.update_policy(actor_of(request), id_, changes, confirmed=confirm.is_confirmed(request))
    messages.success(request, gettext("Saved."))
    return redirect("policies")


def _touched(edited: Any) -> list[str]:
    """The fields of the document that these fields of the form are a part of."""
    parts = {"disabled": ("enabled",), "targets": drafts.TARGETS, "effect": drafts.EFFECT}
    names = [name for name in ("name", "description", "conditions") if name in edited]
    return [*names, *(name for name, fields in parts.items() if not edited.isdisjoint(fields))]


def _page(request: HttpRequest, draft: Draft) -> HttpResponseBase:
    context = {"form": draft.form, "editor": draft.editor, "policy": draft.policy}
    return render(request, "policies/policy.html", context)


def _ask(request: HttpRequest, draft: Draft, error: NeedsConfirmation) -> HttpResponseBase:
    name = draft.form.cleaned_data["name"]
    return confirm.ask(
        request,
        title=gettext("Save {name} all the same?").format(name=name),
        sentences=foreseen.reasons(error.foresight),
        yes=gettext("Save all the same"),
        back=_back(draft.policy),
    )


def _delete(request: HttpRequest, policy: AccessPolicy) -> HttpResponseBase:
    if confirm.is_confirmed(request):
        services.delete_policy(actor_of(request), policy.pk, confirmed=True)
        messages.success(request, gettext("{name} was deleted.").format(name=policy.name))
        return redirect("policies")
    told = foresight.of_deletion(policy.pk, address_of(request))
    return confirm.ask(
        request,
        title=gettext("Delete {name}?").format(name=policy.name),
        sentences=[
            gettext("Whom no other policy speaks of, the default decides about from then on."),
            *foreseen.counts(told.impact),
            *foreseen.reasons(told),
        ],
        yes=gettext("Delete"),
        back=_back(policy),
    )


def _back(policy: AccessPolicy | None) -> str:
    if policy is None:
        return reverse("policies")
    return reverse("policy", kwargs={"policy_id": policy.pk})
