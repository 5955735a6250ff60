"""The outbox: posted with what it tells of, sent later, tried again, never two at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from rollcall.mail import outbox
from rollcall.mail.models import OutgoingMessage
from tests.mail.mailbox import Mailbox, mailbox

__all__ = ["mailbox"]

pytestmark = pytest.mark.django_db(transaction=True)


def letter(subject: str = "Hello", text: str = "Grüße") -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject, text, "Rollcall <rollcall@example.org>", ["ada@example.com"]
    )
    message.attach_alternative(f"<p>{text}</p>", "text/html")
    return message


def due_now(message: OutgoingMessage) -> None:
    OutgoingMessage.objects.filter(pk=message.pk).update(due_at=timezone.now())


def test_what_is_posted_is_sent_once(mailbox: Mailbox) -> None:
    outbox.post(letter(), purpose="test")
    assert outbox.send_due() == 1
    assert outbox.send_due() == 0
    (received,) = mailbox.letters
    body = received.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Grüße"
    assert mailbox.recipients == [["ada@example.com"]]


def test_a_message_names_itself_and_says_that_no_person_wrote_it(mailbox: Mailbox) -> None:
    posted = outbox.post(letter(), purpose="test")
    outbox.send_due()
    (received,) = mailbox.letters
    assert received["Message-ID"] == posted.message_id
    assert posted.message_id.endswith("@example.org>")
    assert received["Auto-Submitted"] == "auto-generated"


def test_nothing_is_posted_where_what_it_tells_of_did_not_happen() -> None:
    with transaction.atomic():
        outbox.post(letter(), purpose="test")
        transaction.set_rollback(True)
    assert not OutgoingMessage.objects.exists()


def test_a_server_that_is_away_is_tried_again_and_the_message_keeps_its_name(
    mailbox: Mailbox, settings: Settings
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    posted = outbox.post(letter(), purpose="test")
    assert outbox.send_due() == 0
    posted.refresh_from_db()
    assert (posted.state, posted.attempts, posted.error) == (
        "waiting",
        1,
        "ConnectionRefusedError",
    )
    assert posted.due_at > timezone.now()
    settings.EMAIL_PORT = port
    due_now(posted)
    assert outbox.send_due() == 1
    assert [str(received["Message-ID"]) for received in mailbox.letters] == [posted.message_id]


def test_what_expires_is_given_up_and_its_text_is_gone(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "rollcall.mail.bounded_smtp.BoundedBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    posted = outbox.post(letter(), purpose="test", expires=timedelta(seconds=1))
    outbox.send_due()
    posted.refresh_from_db()
    assert (posted.state, bytes(posted.content)) == ("given_up", b"")


def test_what_was_sent_is_no_longer_kept(settings: Settings) -> None:
    posted = outbox.post(letter(text="a link that signs somebody in"), purpose="test")
    assert b"link" not in bytes(posted.content)
    outbox.send_due()
    posted.refresh_from_db()
    assert (posted.state, bytes(posted.content)) == ("sent", b"")
    assert len(mail.outbox) == 1


def test_a_message_that_another_process_has_in_its_hands_is_left_to_it() -> None:
    posted = outbox.post(letter(), purpose="test")
    soon = timezone.now() + timedelta(minutes=1)
    OutgoingMessage.objects.update(claimed_until=soon)
    assert outbox.send_due() == 0
    assert not outbox.send_now(posted)
    OutgoingMessage.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert outbox.send_due() == 1


def test_of_two_who_try_at_once_one_sends() -> None:
    posted = outbox.post(letter(), purpose="test")
    again = OutgoingMessage.objects.get(pk=posted.pk)
    assert [outbox.send_now(posted), outbox.send_now(again)] == [True, False]
    assert len(mail.outbox) == 1


def test_whoever_posted_it_is_told_how_each_attempt_came_out(settings: Settings) -> None:
    told: list[tuple[str, bool]] = []
    outbox.listen("test thing", lambda about_id, sent: told.append((about_id, sent)))
    settings.EMAIL_BACKEND = "rollcall.mail.bounded_smtp.BoundedBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    posted = outbox.post(letter(), purpose="test", about=outbox.About("test thing", "7"))
    outbox.send_due()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    due_now(posted)
    outbox.send_due()
    assert told == [("7", False), ("7", True)]


def test_a_subject_that_holds_a_line_break_is_one_line(mailbox: Mailbox) -> None:
    outbox.post(letter(subject="Hello\r\nBcc: eve@example.net"), purpose="test")
    outbox.send_due()
    assert mailbox.letters[0]["Subject"] == "Hello Bcc: eve@example.net"
    assert mailbox.letters[0]["Bcc"] is None


def test_pauses_grow_and_have_an_end() -> None:
    pauses = [outbox.pause_after(attempts) for attempts in range(1, 40)]
    assert pauses == sorted(pauses)
    assert pauses[0] == outbox.FIRST_PAUSE
    assert pauses[-1] == outbox.LONGEST_PAUSE


def test_the_record_of_old_messages_is_forgotten_and_what_waits_is_kept() -> None:
    old, waiting = outbox.post(letter(), purpose="a"), outbox.post(letter(), purpose="b")
    long_ago = timezone.now() - outbox.KEPT_FOR - timedelta(days=1)
    OutgoingMessage.objects.filter(pk=old.pk).update(state="sent", ended_at=long_ago)
    assert outbox.forget() == 1
    assert OutgoingMessage.objects.get().pk == waiting.pk
