"""The e-mail that says how an import ended: counts, who needs attention, a link."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from rollcall.core.csv_files import MARK, lines
from rollcall.database.bulk_insert import in_parts
from rollcall.imports.accounting import needing_attention
from rollcall.imports.models import ACTIVE_STATES, PLANNED_STATES, ChangeRecord, Run, RunState
from rollcall.imports.presenter import AT_ONCE, Count, Names, counts, every_count, what, why
from rollcall.imports.source_accounts import source_of
from rollcall.jobs.worker_registry import is_carried
from rollcall.mail import outbox
from rollcall.mail.models import OutgoingMessage
from rollcall.provisioning.change import NEEDS_ATTENTION
from rollcall.provisioning.reason import Reason

SCHEDULE = "schedule"
"""The trigger of a run that a schedule started."""

ABOUT: Final = "run"
"""What the outbox calls that a message tells of a run."""

UNSENT_FOR: Final = timedelta(hours=1)
"""How long after its end a run's e-mail is still posted; later it is news to nobody."""

NOT_SENT: Final = Reason("mail_not_sent").to_record()

NAMED_IN_MAIL = 25
"""How many of the employees who need attention the text names; the CSV has them all."""


def is_due(run: Run) -> bool:
    """Whether this run is to be told of by e-mail: somebody waits, and it is worth it.

    A large one is; of a scheduled one, which nobody watches, all that is not plainly well.
    """
    if not run.notify_email or run.notified_at is not None or run.state in ACTIVE_STATES:
        return False
    # Nobody waits before a page for this one.
    if run.trigger == SCHEDULE:
        return run.state != RunState.COMPLETED or needing_attention(run) > 0 or _is_large(run)
    return run.state in (RunState.COMPLETED, RunState.FAILED) and _is_large(run)


def _is_large(run: Run) -> bool:
    return run.fetched >= run.live_threshold


def send_when_due(run_id: UUID) -> bool:
    """Post the e-mail if it is due, and try to send it at once; whether it was sent.

    A mail server that does not answer costs the e-mail its punctuality, never the import: the run's
    page says so, and the outbox goes on trying.
    """
    run = Run.objects.select_related("connection").get(pk=run_id)
    if not is_due(run):
        return False
    with transaction.atomic():
        Run.objects.select_for_update().get(pk=run_id)  # one of two that come at once posts it
        if waiting(run_id):
            return False
        with translation.override(run.language or settings.LANGUAGE_CODE):
            posted = outbox.post(
                message(run), purpose="import", about=outbox.About(ABOUT, str(run_id))
            )
    return outbox.send_now(posted)


def waiting(run_id: UUID) -> bool:
    """Whether the outbox holds, or held, an e-mail about this run."""
    return OutgoingMessage.objects.filter(about_type=ABOUT, about_id=str(run_id)).exists()


def noted(run_id: str, sent: bool) -> None:
    """Note at the run that its e-mail was sent, or could not be sent so far."""
    with transaction.atomic():
        run = Run.objects.select_for_update(of=("self",)).filter(pk=run_id).first()
        if run is None:
            return
        others = [warning for warning in run.warnings if warning != NOT_SENT]
        run.warnings = others if sent else [*others, NOT_SENT]
        run.notified_at = timezone.now() if sent else None
        run.save(update_fields=["warnings", "notified_at"])


def post_what_was_left() -> None:
    """Post the e-mails of runs whose process was gone between its last write and its e-mail.

    Sending is the outbox's own chore: nobody who takes over runs waits for a mail server.
    """
    lately = timezone.now() - UNSENT_FOR
    left = Run.objects.filter(finished_at__gte=lately, notified_at=None).exclude(notify_email="")
    for run in left:
        # A process that lives posts its own e-mail: another one would come first and in vain.
        at_work = is_carried(str(run.pk), run.executor, run.finished_at)
        if is_due(run) and not waiting(run.pk) and not at_work:
            with transaction.atomic(), translation.override(run.language or settings.LANGUAGE_CODE):
                outbox.post(message(run), purpose="import", about=outbox.About(ABOUT, str(run.pk)))


def message(run: Run) -> EmailMultiAlternatives:
    """The e-mail about this run, in the language that is active."""
    attention = run.changes.filter(result__in=[result.value for result in NEEDS_ATTENTION])
    source, names = source_of(run), Names(run)
    context = {
        "run": run,
        "source": source,
        "counts": [(count.label, count.number) for count in _counts(run)],
        "needing": needing_attention(run),
        "people": [
            _person(row, source, names) for row in _learned(list(attention[:NAMED_IN_MAIL]), names)
        ],
        "link": f"{run.portal_url}/imports/{run.number}/" if run.portal_url else "",
    }
    text = render_to_string("imports/complete.txt", context).lstrip()
    mail = EmailMultiAlternatives(_subject(run), text, outbox.sender(), [run.notify_email])
    mail.attach_alternative(render_to_string("imports/complete.html", context), "text/html")
    if context["needing"]:
        mail.attach(
            f"import-{run.number}-attention.csv", _csv(attention, source, names), "text/csv"
        )
    return mail


def _counts(run: Run) -> list[Count]:
    """Of a run that wrote every result; of a plan what it would do; of nobody none."""
    if not run.fetched and run.state != RunState.COMPLETED:
        return []
    return counts(run) if run.state in PLANNED_STATES else every_count(run)


def _subject(run: Run) -> str:
    match run.state:
        case RunState.COMPLETED:
            sentence = ngettext(
                "Import %(number)s is complete: %(fetched)s employee",
                "Import %(number)s is complete: %(fetched)s employees",
                run.fetched,
            )
        case RunState.REVIEW:
            sentence = ngettext(
                "Import %(number)s waits for your review: %(fetched)s employee",
                "Import %(number)s waits for your review: %(fetched)s employees",
                run.fetched,
            )
        case _:
            sentence = gettext("Import %(number)s did not complete")
    fetched = number_format(run.fetched, use_l10n=True, force_grouping=True)
    return sentence % {"number": run.number, "fetched": fetched}


def _person(row: ChangeRecord, source: str, names: Names) -> dict[str, str]:
    return {"name": row.name, "result": what(row), "reason": why(row, source, names)}


def _learned(rows: list[ChangeRecord], names: Names) -> list[ChangeRecord]:
    names.learn_reasons(rows)
    return rows


def _csv(changes: QuerySet[ChangeRecord], source: str, names: Names) -> str:
    heading = [
        gettext("Employee ID"),
        gettext("Name"),
        gettext("E-mail"),
        gettext("Result"),
        gettext("Reason"),
    ]
    people = [
        [row.employee_id, row.name, row.email, what(row), why(row, source, names)]
        for rows in in_parts(changes.iterator(chunk_size=AT_ONCE), AT_ONCE)
        for row in _learned(rows, names)
    ]
    return MARK + lines([heading, *people])
