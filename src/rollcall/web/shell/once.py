"""Forms that make something: sent twice, they make it once and lead to the same place.

A form carries a key of its own (`{% form_key %}`). Whoever goes back, changes what is typed and
sends it again makes another thing; a double click or a reload does not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from rollcall.accounts.models import SentForm
from rollcall.web.shell.confirm import CONFIRMED

KEY: Final = "form"
"""The hidden field in which a form carries its key."""

KEPT_FOR: Final = timedelta(days=1)
ELSEWHERE: Final = frozenset({"csrfmiddlewaretoken", CONFIRMED})
"""What is sent with a form and is nothing of what was typed."""


def sent_before(request: HttpRequest) -> HttpResponseRedirect | None:
    """Where to go if this very form has made something already; else None.

    To be asked before what was typed is looked at: it is taken by then, by what it has made.
    """
    digest = _digest(request)
    sent = SentForm.objects.exclude(address="").filter(pk=digest).first() if digest else None
    return redirect(sent.address) if sent else None


def made_once(
    request: HttpRequest, make: Callable[[], HttpResponseRedirect | None]
) -> HttpResponseBase | None:
    """What `make` answers, which leads to what it has made; None where it has made nothing.

    It is called in a transaction. Where the same form is on its way a second time, that one waits,
    and leads to the same place.
    """
    with transaction.atomic():
        digest = _digest(request)
        if digest and not _claimed(digest):
            return sent_before(request)
        answer = make()
        if answer is not None:
            SentForm.objects.filter(pk=digest).update(address=answer.url)
        else:  # a form that was refused is corrected, and may then be sent as it was
            SentForm.objects.filter(pk=digest).delete()
    return answer


def remember(request: HttpRequest, address: str) -> None:
    """Write down, in the transaction that makes it, where what this form has made stands.

    For what can be begun once at a time in any case (an import), so that nobody waits here.
    """
    if digest := _digest(request):
        SentForm.objects.update_or_create(digest=digest, defaults={"address": address})


def _claimed(digest: str) -> bool:
    # Here and not by a chore: where nobody sends forms there is nothing to clear away.
    SentForm.objects.filter(created__lt=timezone.now() - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            SentForm.objects.create(digest=digest)
    except IntegrityError:
        return False
    return True


def _digest(request: HttpRequest) -> str:
    """The form's key with everything that was typed, as a digest; "" for a form without a key."""
    if request.method != "POST" or not request.POST.get(KEY):
        return ""
    typed = sorted((name, values) for name, values in request.POST.lists() if name not in ELSEWHERE)
    files = sorted((name, str(file)) for name, file in request.FILES.items())
    # The key is kept nowhere: without it nobody can guess from the digest what was typed.
    text = json.dumps([request.path, typed, files])
    return hashlib.sha256(text.encode()).hexdigest()
