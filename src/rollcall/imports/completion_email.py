"""The e-mail that says how an import ended: counts, who needs attention, a link."""

from __future__ import annotations

import logging
import smtplib
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext

from rollcall.core.csv_files import MARK, lines
from rollcall.imports.accounting import RESULT_ORDER, needing_attention
from rollcall.imports.labels import kind_label, result_label
from rollcall.imports.models import ACTIVE_STATES, ChangeRecord, Run, RunState
from rollcall.mail.models import Notifications
from rollcall.provisioning.change import NEEDS_ATTENTION
from rollcall.provisioning.reason import Reason

log = logging.getLogger(__name__)

SCHEDULE = "schedule"
"""The trigger of a run that a schedule started."""

NAMED_IN_MAIL = 25
"""How many of the employees who need attention the text names; the CSV has them all."""


def is_due(run: Run) -> bool:
    """Whether this run is to be told of by e-mail: somebody waits, and it is worth it.

    A large one is; of a scheduled one, which nobody watches, all that is not plainly well.
    """
    if not run.notify_email or run.notified_at is not None or run.state in ACTIVE_STATES:
        return False
    if run.trigger == SCHEDULE:
        return run.state != RunState.COMPLETED or needing_attention(run) > 0 or _is_large(run)
    return run.state in (RunState.COMPLETED, RunState.FAILED) and _is_large(run)


def _is_large(run: Run) -> bool:
    return run.fetched >= Notifications.the().live_threshold


def send_when_due(run_id: UUID) -> bool:
    """Send the e-mail if it is due; whether it was sent.

    A mail server that does not answer costs the e-mail, never the import: the run's page says so.
    """
    run = Run.objects.get(pk=run_id)
    if not is_due(run):
        return False
    try:
        with translation.override(run.language or settings.LANGUAGE_CODE):
            message(run).send()
    except (OSError, smtplib.SMTPException) as error:
        log.error("run %s: its e-mail could not be sent: %s", run.number, type(error).__name__)
        warnings = [*run.warnings, Reason("mail_not_sent").to_record()]
        Run.objects.filter(pk=run_id).update(warnings=warnings)
        return False
    Run.objects.filter(pk=run_id).update(notified_at=timezone.now())
    return True


def message(run: Run) -> EmailMultiAlternatives:
    """The e-mail about this run, in the language that is active."""
    attention = run.changes.filter(result__in=[one.value for one in NEEDS_ATTENTION])
    context = {
        "run": run,
        "counts": [
            (result_label(result.value), run.counts.get(result.value, 0)) for result in RESULT_ORDER
        ]
        if run.state in (RunState.COMPLETED, RunState.FAILED)
        else [(kind_label(kind), number) for kind, number in run.counts.items()],
        "attention": needing_attention(run),
        "people": [_person(row) for row in attention[:NAMED_IN_MAIL]],
        "link": f"{run.portal_url}/imports/{run.number}/" if run.portal_url else "",
    }
    sender = Notifications.the().sender or settings.DEFAULT_FROM_EMAIL
    text = render_to_string("imports/complete.txt", context)
    mail = EmailMultiAlternatives(_subject(run), text, sender, [run.notify_email])
    mail.attach_alternative(render_to_string("imports/complete.html", context), "text/html")
    if context["attention"]:
        mail.attach(f"import-{run.number}-attention.csv", _csv(attention), "text/csv")
    return mail


def _subject(run: Run) -> str:
    match run.state:
        case RunState.COMPLETED:
            sentence = gettext("Import %(number)s is complete: %(fetched)s employees")
        case RunState.REVIEW:
            sentence = gettext("Import %(number)s waits for your review: %(fetched)s employees")
        case _:
            sentence = gettext("Import %(number)s did not complete")
    return sentence % {"number": run.number, "fetched": run.fetched}


def _person(row: ChangeRecord) -> dict[str, str]:
    return {"name": row.name, "result": result_label(row.result), "reason": why(row)}


def why(row: ChangeRecord) -> str:
    """What became of this employee, in words of the active language."""
    return Reason.from_record(row.error or row.reason).text(gettext)


def _csv(changes: QuerySet[ChangeRecord]) -> str:
    heading = [
        gettext("Personio ID"),
        gettext("Name"),
        gettext("E-mail"),
        gettext("Result"),
        gettext("Reason"),
    ]
    people = [
        [row.employee_id, row.name, row.email, result_label(row.result), why(row)]
        for row in changes.iterator()
    ]
    return MARK + lines([heading, *people])
