"""Settings → Personal data: find a person, hand out what is kept, erase it, let them in again.

What names a person is only ever sent in forms: an address would stand in logs and histories.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from rollcall.accounts.actors import actor_of
from rollcall.accounts.errors import LastAdministratorError
from rollcall.database.compacting import empty_log
from rollcall.imports import tombstones
from rollcall.imports.personal_data import RunInTheWay
from rollcall.privacy import people
from rollcall.privacy.subject import Subject
from rollcall.web.admin.settings.people import records
from rollcall.web.admin.settings.people.forms import ErasureForm, PersonForm
from rollcall.web.shell.pages import signed_in
from rollcall.web.shell.reading_out import note_reading

PAGE = "settings-people"


def personal_data(request: HttpRequest) -> HttpResponseBase:
    """The form that asks for a person; POST does what its button says."""
    if request.method != "POST":
        return render(request, "people/find.html", {"form": PersonForm()})
    form = PersonForm(request.POST)
    if not form.is_valid():
        return render(request, "people/find.html", {"form": form})
    actions = {"export": _export, "erase": _erase, "readmit": _readmit}
    return actions.get(request.POST.get("action", ""), _find)(request, form.cleaned_data["person"])


def _find(request: HttpRequest, text: str) -> HttpResponse:
    """Everybody whom the text may mean, with what is kept of them."""
    note_reading(request, "person", "table")
    graves = tombstones.find(text)
    found = _kept(people.identify(text)) or ([] if graves else _kept(people.search(text)))
    context = {
        "form": PersonForm({"person": text}),
        "searched": True,
        "found": found,
        "graves": graves,
    }
    return render(request, "people/find.html", context)


def _kept(subjects: Iterable[Subject]) -> list[tuple[Subject, list[records.Kept]]]:
    """Those of whom something is kept, and what that is."""
    kept = [(subject, list(records.kept(subject))) for subject in subjects]
    return [(subject, rows) for subject, rows in kept if rows]


def _export(request: HttpRequest, text: str) -> HttpResponseBase:
    """Everything that is kept of the person as a file, a JSON object a line."""
    subject = _the(text)
    if subject is None:
        return _nobody(request)
    note_reading(request, "person", "json")
    # As it is read: a person may have years of events.
    return StreamingHttpResponse(
        _lines(subject),
        content_type="application/jsonl; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="person.jsonl"'},
    )


def _lines(subject: Subject) -> Iterator[str]:
    for row in people.export(subject):
        yield f"{json.dumps(row, ensure_ascii=False)}\n"


def _erase(request: HttpRequest, text: str) -> HttpResponseBase:
    """Say what goes and what stays, and erase the person whose name is typed once more."""
    subject = _the(text)
    if subject is None:
        return _nobody(request)
    if subject.account_id == str(signed_in(request).pk):
        messages.error(
            request, gettext("This is you. Another administrator has to erase your data.")
        )
        return redirect(PAGE)
    if (reason := _in_the_way(subject)) is not None:
        messages.error(request, reason)
        return redirect(PAGE)
    asked = "typed" in request.POST
    form = ErasureForm(request.POST if asked else None, word=subject.label)
    if not asked or not form.is_valid():
        rows = list(records.kept(subject))
        context = {"subject": subject, "form": form, "rows": rows}
        return render(request, "people/erase.html", context)
    return _carry_out(request, subject)


def _in_the_way(subject: Subject) -> str | None:
    """Why the person may not be erased now: told before anybody is asked to type their name."""
    try:
        people.allow_erasing(subject)
    except (LastAdministratorError, RunInTheWay) as error:
        return _why_not(error)
    return None


def _why_not(error: LastAdministratorError | RunInTheWay) -> str:
    if isinstance(error, LastAdministratorError):
        return gettext("This is the last active administrator. Make somebody else one first.")
    text = gettext(
        "Import {number} has not ended and has this person in it. Let it end, or cancel it, "
        "and erase the person then."
    )
    return text.format(number=error.number)


def _carry_out(request: HttpRequest, subject: Subject) -> HttpResponseBase:
    try:
        people.erase(subject, actor_of(request))
    except (LastAdministratorError, RunInTheWay) as error:
        messages.error(request, _why_not(error))
        return redirect(PAGE)
    messages.success(request, gettext("The person is erased."))
    if not empty_log():
        messages.warning(
            request,
            gettext(
                "The database's files may hold what was deleted for some minutes, since somebody "
                "else is reading them just now."
            ),
        )
    return redirect(PAGE)


def _readmit(request: HttpRequest, text: str) -> HttpResponseBase:
    """Let an erased person be imported again."""
    for grave in tombstones.find(text):
        tombstones.readmit(actor_of(request), grave)
        messages.success(request, gettext("The next import takes this person in again."))
    return redirect(PAGE)


def _the(text: str) -> Subject | None:
    """The one person who is called that, of whom something is kept.

    Raises:
        BadRequest: several are; the page offers what tells them apart.
    """
    subjects = [subject for subject in people.identify(text) if people.find(subject)]
    if len(subjects) > 1:
        raise BadRequest
    return next(iter(subjects), None)


def _nobody(request: HttpRequest) -> HttpResponseBase:
    messages.info(request, gettext("Nothing is kept of anybody who is called that."))
    return redirect(PAGE)
