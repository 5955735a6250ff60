"""The page before a policy is saved: what it would have done to the last 30 days' sign-ins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.policies import foresight
from rollcall.access.policies.decision.deciding import Rulebook
from rollcall.access.policies.decision.impact import Impact
from rollcall.access.policies.decision.parsing import Document
from rollcall.access.policies.foresight import Foresight
from rollcall.access.policies.what_if import Unclear, told
from rollcall.accounts.actors import address_of
from rollcall.core.searching import searchable, words
from rollcall.web.admin.policies import doubts, lines, people
from rollcall.web.admin.policies.editor import ACT
from rollcall.web.admin.policies.what_if_form import WhatIfForm
from rollcall.web.shell.confirm import CONFIRMED
from rollcall.web.shell.text.numbers import grouped

SHOWN: Final = 200
"""How many people of those who are found are listed."""
NAMED: Final = 1000
"""Among how many of each kind is searched."""
SEARCH: Final = "find"
WHAT_IF: Final = "what-if"
PREFIX: Final = "w"

KINDS: Final[Mapping[str, Promise]] = {
    "denied": _("Would have been denied"),
    "unable": _("Would have been asked for a factor and have none"),
    "asked": _("Would have been asked for a factor"),
    "admitted": _("Would have been let in, and were not"),
}


@dataclass(frozen=True, slots=True)
class Affected:
    """Somebody for whom it would have been another way."""

    name: str
    user_id: str
    kind: str | Promise


@dataclass(frozen=True, slots=True)
class Count:
    """How many people of one kind there are."""

    label: str | Promise
    number: int


def page(request: HttpRequest, document: Document, replaced: str) -> HttpResponseBase:
    """What the policy would have done, with what was typed carried on to the button that saves.

    Raises:
        Malformed: it cannot be kept as it is.
    """
    before, after = foresight.rulebooks(document, replaced)
    foreseen = foresight.foresee(before, after, address_of(request))
    sought = request.POST.get(SEARCH, "")
    found = list(_affected(foreseen.impact, sought))
    asked = WHAT_IF in request.POST
    form = WhatIfForm(request.POST if asked else None, prefix=PREFIX)
    context = {
        "name": document.name,
        "off": document.disabled,
        "foreseen": foreseen,
        "impact": foreseen.impact,
        "counts": [
            Count(label, len(getattr(foreseen.impact, kind))) for kind, label in KINDS.items()
        ],
        "reasons": reasons(foreseen),
        "found": found[:SHOWN],
        "more": max(0, len(found) - SHOWN),
        "sought": sought,
        "carried": list(_carried(request)),
        "what_if": form,
        "answers": _answers(form, before, after) if asked and form.is_valid() else (),
        "back": request.path,
    }
    return render(request, "policies/foreseen.html", context)


def reasons(foreseen: Foresight) -> list[str]:
    """Why it must be confirmed, in the reader's words."""
    sentences = []
    if foreseen.shuts_out_everyone:
        sentences.append(gettext("No administrator could sign in to the admin portal any more."))
    if foreseen.impact.share_shut_out > settings.POLICY_CONFIRM_PERCENT / 100:
        outside = len({*foreseen.impact.denied, *foreseen.impact.unable})
        sentence = gettext(
            "{n} of {people} people who signed in during the last 30 days would have been kept out."
        )
        all_people = grouped(foreseen.impact.people)
        sentences.append(sentence.format(n=grouped(outside), people=all_people))
    return sentences


def counts(impact: Impact) -> list[str]:
    """How many people it would have been another way for, a sentence for each kind of them."""
    numbers = ((label, len(getattr(impact, kind))) for kind, label in KINDS.items())
    return [f"{label}: {number}" for label, number in numbers if number]


def _affected(impact: Impact, sought: str) -> Iterator[Affected]:
    listed = {kind: getattr(impact, kind)[:NAMED] for kind in KINDS}
    names = people.called(person for persons in listed.values() for person in persons)
    wanted = words(sought)
    for kind, persons in listed.items():
        for person in persons:
            name, user_id = names.get(person, (gettext("somebody who is gone"), ""))
            if all(word in searchable(name) for word in wanted):
                yield Affected(name, user_id, KINDS[kind])


def _answers(
    form: WhatIfForm, before: Rulebook, after: Rulebook
) -> Sequence[tuple[str, lines.Told]]:
    try:
        facts = form.question().facts()
    except Unclear as error:
        doubts.add_to(form, error)
        return ()
    return [
        (gettext("As it is"), lines.of(told(before.decide(facts)))),
        (gettext("With this policy"), lines.of(told(after.decide(facts)))),
    ]


def _carried(request: HttpRequest) -> Iterator[tuple[str, str]]:
    own = {"csrfmiddlewaretoken", CONFIRMED, ACT, SEARCH, WHAT_IF, "stage"}
    for name, values in request.POST.lists():
        if name not in own and not name.startswith(f"{PREFIX}-"):
            yield from ((name, str(value)) for value in values)
