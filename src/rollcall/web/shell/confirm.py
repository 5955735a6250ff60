"""Asking once before something wide or destructive: a page that says what it will touch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

CONFIRMED = "confirmed"

Text: TypeAlias = "str | Promise"


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person has already said yes to this very form."""
    return request.POST.get(CONFIRMED) == "yes"


def ask(
    request: HttpRequest,
    *,
    title: Text,
    sentences: Sequence[Text],
    yes: Text,
    back: str,
    no: Text = "",
    danger: bool = True,
) -> HttpResponse:
    """The page that asks; its form sends the same values again with the answer.

    `back` is where "Cancel" leads; `no` is what it is called where cancelling is itself what is
    asked about. Files are not carried over.
    """
    # The token is the form's own again, and an earlier answer must not answer for this question.
    carried = [
        (key, value)
        for key, values in request.POST.lists()
        if key not in (CONFIRMED, "csrfmiddlewaretoken")
        for value in values
        if isinstance(value, str)
    ]
    return render(
        request,
        "portal/confirm.html",
        {
            "title": title,
            "sentences": sentences,
            "yes": yes,
            "back": back,
            "no": no,
            "danger": danger,
            "carried": carried,
        },
    )
