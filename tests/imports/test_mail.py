"""A large import is told of by e-mail once it is complete, and no mail server can spoil it."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.imports import completion_email, runs
from rollcall.imports.models import Run
from rollcall.mail import outbox
from rollcall.mail.models import Notifications, OutgoingMessage
from tests.imports.world import imported, let_go, personio, told
from tests.mail.mailbox import Mailbox, mailbox

pytestmark = pytest.mark.usefixtures("carrying_out")
__all__ = ["mailbox"]
ADA = "ada@example.com"


def starter(language: str = "en") -> runs.Starter:
    return runs.Starter(
        Actor(Initiator.ADMIN, Door.PORTAL, ADA),
        notify=ADA,
        language=language,
        portal_url="https://rollcall.example",
    )


def imported_by_ada(language: str = "en", people: int = 120) -> Run:
    with personio(people, peculiar=True) as company:
        return told_of(imported(company.account, starter=starter(language)))


def told_of(run: Run) -> Run:
    """The run once its e-mail has been sent, or not."""
    let_go(run)
    run.refresh_from_db()
    return run


def plain(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_the_administrator_who_started_it_gets_the_counts_and_a_link(mailbox: Mailbox) -> None:
    run = imported_by_ada()
    assert mailbox.recipients == [[ADA]]
    (letter,) = mailbox.letters
    assert letter["Subject"] == f"Import {run.number} is complete: 120 employees"
    text = plain(letter)
    assert f"Created: {run.counts['created']}" in text
    assert f"Conflict: {run.counts['conflict']}" in text
    assert f"https://rollcall.example/imports/{run.number}/" in text
    assert run.notified_at


def test_everybody_who_needs_attention_is_in_the_attached_file(mailbox: Mailbox) -> None:
    run = imported_by_ada()
    (file,) = mailbox.letters[0].iter_attachments()
    assert file.get_content_type() == "text/csv"
    assert file.get_filename() == f"import-{run.number}-attention.csv"
    content = file.get_content()
    text = content if isinstance(content, str) else content.decode()
    lines = text.strip().splitlines()
    attention = run.changes.filter(result__in=["conflict", "invalid", "failed"])
    assert len(lines) == attention.count() + 1
    for row in attention:
        assert any(line.startswith(f"{row.employee_id},") for line in lines)


def test_it_is_written_in_the_administrators_language(mailbox: Mailbox) -> None:
    run = imported_by_ada("de")
    (letter,) = mailbox.letters
    assert letter["Subject"] == f"Import {run.number} ist abgeschlossen: 120 Mitarbeiter"
    assert "Mitarbeiter wurden aus Personio gelesen" in plain(letter)


def test_a_small_import_is_told_of_on_its_page_alone(mailbox: Mailbox) -> None:
    imported_by_ada(people=99)
    assert mailbox.letters == []


def test_the_organization_says_how_small_that_is(mailbox: Mailbox) -> None:
    Notifications.objects.create(live_threshold=30, sender="People <people@example.org>")
    imported_by_ada(people=40)
    assert mailbox.letters[0]["From"] == "People <people@example.org>"


def test_a_lower_threshold_writes_of_no_run_that_has_begun_before(mailbox: Mailbox) -> None:
    imported_by_ada(people=40)
    Notifications.objects.create(live_threshold=30)
    completion_email.post_what_was_left()
    outbox.send_due()
    assert mailbox.letters == []


def test_nobody_is_written_to_where_nobody_waits(mailbox: Mailbox) -> None:
    with personio(120) as company:
        told_of(imported(company.account))
    assert mailbox.letters == []


def test_a_mail_server_that_does_not_answer_costs_the_e_mail_only(
    settings: Settings,
) -> None:
    settings.EMAIL_BACKEND = "rollcall.mail.bounded_smtp.BoundedBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    run = imported_by_ada()
    assert run.state == "completed"
    assert any("could not be sent" in line for line in told(run))
    assert run.notified_at is None


def test_the_e_mail_is_sent_when_the_mail_server_is_back_and_the_warning_goes(
    mailbox: Mailbox, settings: Settings
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    run = imported_by_ada()
    assert any("could not be sent" in line for line in told(run))
    settings.EMAIL_PORT = port
    OutgoingMessage.objects.update(due_at=timezone.now())
    outbox.send_due()
    run.refresh_from_db()
    assert not any("could not be sent" in line for line in told(run))
    assert run.notified_at
    assert len(mailbox.letters) == 1
