"""The outbox: e-mails are posted in the transaction of what they tell of, and sent afterwards.

A mail server that is away costs nothing but time: what cannot be sent is tried again with growing
pauses until it expires. A message may arrive twice (a process can die between sending and noting
it), with one `Message-ID`, so that the reader's mail program can tell; it is never lost.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.utils import make_msgid
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from rollcall.core.sealing import SealBroken, seal_bytes, unseal_bytes
from rollcall.core.text import clean
from rollcall.jobs import clock
from rollcall.jobs.forgetting import oldest
from rollcall.mail.models import Notifications, OutgoingMessage

FIRST_PAUSE: Final = timedelta(seconds=15)
LONGEST_PAUSE: Final = timedelta(minutes=15)
KEPT_FOR: Final = timedelta(days=30)
"""How long it is remembered, without its text, that a message was sent."""
CLAIM: Final = timedelta(minutes=5)
"""How long a process may have a message in its hands before another one may try."""
AT_ONCE: Final = 50
LONGEST_SUBJECT: Final = 200

UNSENDABLE: Final = (
    OSError,
    smtplib.SMTPException,
    SealBroken,
    ValueError,  # a header or an address that Python or the server's dialect cannot carry
    ImproperlyConfigured,  # the folder of e-mails cannot be written
)
"""What may come of a message, which is never a reason for anything else to fail."""

log = logging.getLogger(__name__)

Told = Callable[[str, bool], None]
"""Is told the `about_id` of a message, and whether it was sent or could not be sent this time."""

_listeners: dict[str, Told] = {}


@dataclass(frozen=True, slots=True)
class About:
    """What a message tells of: a kind of thing that a room listens for, and its id."""

    type: str = ""
    id: str = ""


def listen(about_type: str, told: Told) -> None:
    """Have `told` called after each attempt at sending a message about this kind of thing."""
    _listeners[about_type] = told


def sender() -> str:
    """Who e-mails are from: Settings → Notifications, else `ROLLCALL_MAIL_FROM`."""
    return Notifications.the().sender or str(settings.DEFAULT_FROM_EMAIL)


def post(
    message: EmailMultiAlternatives,
    *,
    purpose: str,
    about: About | None = None,
    expires: timedelta = timedelta(days=3),
) -> OutgoingMessage:
    """Put the message into the outbox, in the caller's transaction.

    It gets its `Message-ID` here, and `Auto-Submitted: auto-generated` (RFC 3834 §5), so that no
    out-of-office program answers it. `purpose` is a word for the kind of message; `expires` is how
    long it is worth sending.

    Raises:
        ValueError: it does not have exactly one recipient.
        BadHeaderError: a header holds a line break.
        SealBroken: it cannot be sealed.
    """
    message_row = _row(message, purpose, expires)
    about = about or About()
    message_row.about_type, message_row.about_id = about.type, about.id
    message_row.save(force_insert=True)
    return message_row


def try_post(
    message: EmailMultiAlternatives, *, purpose: str, expires: timedelta = timedelta(days=3)
) -> OutgoingMessage | None:
    """The same, for a request that must not fail because of its e-mail: None where it cannot be."""
    with _never_failing(purpose):
        return post(message, purpose=purpose, expires=expires)
    return None


def post_many(
    messages: Sequence[EmailMultiAlternatives], *, purpose: str, expires: timedelta
) -> list[bool]:
    """Put many messages of one kind into the outbox, in the caller's transaction.

    In their order, whether each is in it: one that cannot be sent keeps none of the others back.
    Two statements for a thousand.
    """
    rows = [_sendable_row(message, purpose, expires) for message in messages]
    OutgoingMessage.objects.bulk_create((row for row in rows if row is not None), batch_size=500)
    return [row is not None for row in rows]


def post_to_nobody(message: EmailMultiAlternatives, *, purpose: str, expires: timedelta) -> None:
    """Do for nobody all that `try_post` does for somebody, so that it takes as long.

    What is stored names no recipient, holds no text and is never sent.
    """
    with _never_failing(purpose):
        nothing = _row(message, purpose, expires)
        nothing.recipient, nothing.content = "", b""
        nothing.state, nothing.ended_at = OutgoingMessage.State.GIVEN_UP, timezone.now()
        nothing.save(force_insert=True)


def _sendable_row(
    message: EmailMultiAlternatives, purpose: str, expires: timedelta
) -> OutgoingMessage | None:
    try:
        return _row(message, purpose, expires)
    except UNSENDABLE as error:
        log.error("a message (%s) could not be posted: %s", purpose, type(error).__name__)
        return None


@contextmanager
def _never_failing(purpose: str) -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except (*UNSENDABLE, DatabaseError) as error:
        log.error("a message (%s) could not be posted: %s", purpose, type(error).__name__)


def _row(message: EmailMultiAlternatives, purpose: str, expires: timedelta) -> OutgoingMessage:
    """The message as the outbox holds it, with the headers that it gets here."""
    (recipient,) = message.to
    message_id = make_msgid(domain=_domain(message.from_email))
    message.subject = _one_line(str(message.subject))
    message.extra_headers = {
        **message.extra_headers,
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
    }
    now = timezone.now()
    return OutgoingMessage(
        message_id=message_id,
        recipient=recipient,
        purpose=purpose,
        content=seal_bytes(_wire_form(message)),
        due_at=now,
        expires_at=now + expires,
    )


def send_due() -> int:
    """Send what is due; how many messages were sent. Harmless in several processes at once."""
    sent = 0
    # Until nothing is due, since what comes in meanwhile should not wait for the next round.
    while due := _due():
        for message in due:
            sent += send_now(message)
    return sent


def send_now(message: OutgoingMessage) -> bool:
    """Try to send this message unless another process is just doing that; whether it was sent."""
    if not _claim(message):
        return False
    # Outside of any transaction: a slow mail server must not hold a lock of the database.
    error = _attempt(message)
    _note(message, error, timezone.now())
    if told := _listeners.get(message.about_type):
        told(message.about_id, not error)
    return not error


def forget() -> int:
    """Delete the record of messages that ended long ago, a share in one pass; how many."""
    ended = OutgoingMessage.objects.exclude(state=OutgoingMessage.State.WAITING)
    late = ended.filter(ended_at__lt=timezone.now() - KEPT_FOR)
    return oldest(late, of=ended, by="ended_at").delete()[0]


def pause_after(attempts: int) -> timedelta:
    """How long to wait before the next try, after this many in vain."""
    doublings = min(attempts - 1, 16)
    return min(FIRST_PAUSE * float(1 << doublings), LONGEST_PAUSE)


def _wire_form(message: EmailMultiAlternatives) -> bytes:
    # Line ends are made one kind first: a body pasted from elsewhere may mix both.
    lines: bytes = message.message().as_bytes().replace(b"\r\n", b"\n")
    return lines.replace(b"\n", b"\r\n")


def _due() -> list[OutgoingMessage]:
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    waiting = OutgoingMessage.objects.filter(state=OutgoingMessage.State.WAITING, due_at__lte=now)
    return list(waiting.filter(free).order_by("due_at", "pk")[:AT_ONCE])


def _claim(message: OutgoingMessage) -> bool:
    now = timezone.now()
    # The count of attempts is part of the condition, so that of two claims at once one misses.
    same = OutgoingMessage.objects.filter(
        pk=message.pk, state=OutgoingMessage.State.WAITING, attempts=message.attempts
    )
    free = same.filter(Q(claimed_until=None) | Q(claimed_until__lt=now))
    claimed = bool(free.update(claimed_until=now + CLAIM, attempts=message.attempts + 1))
    message.attempts += claimed
    return claimed


def _attempt(message: OutgoingMessage) -> str:
    """Hand the message to the mail server; the kind of error that came of it, "" for none."""
    try:
        content = unseal_bytes(bytes(message.content))
        with get_connection() as server:
            _hand_over(server, message, content)
    except UNSENDABLE as error:
        log.warning("a message (%s) could not be sent: %s", message.purpose, type(error).__name__)
        return type(error).__name__
    return ""


def _hand_over(server: BaseEmailBackend, message: OutgoingMessage, content: bytes) -> None:
    if server.send_messages([_Posted(message.recipient, content)]) == 0:
        raise smtplib.SMTPException("not taken")


class _Posted(EmailMultiAlternatives):
    """A message that was written when it was posted, as Django's mail backends take it."""

    def __init__(self, recipient: str, content: bytes) -> None:
        head = message_from_bytes(content, policy=policy.default)
        text = head.get_body(("plain",))
        body = str(text.get_content()) if text is not None else ""
        super().__init__(str(head["Subject"]), body, str(head["From"]), [recipient])
        self._written = _Written(content)

    def message(self, *_: object, **__: object) -> Any:
        """The message as it was posted."""
        return self._written


class _Written:
    """The bytes of a message behind the one verb that Django's mail backends ask for."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\n") -> bytes:
        """The bytes, with these line ends."""
        return self._content.replace(b"\r\n", linesep.encode())


def _note(message: OutgoingMessage, error: str, now: datetime) -> None:
    with transaction.atomic():
        # A process that was slower than its claim finds the count risen, and leaves the newer word
        # be.
        mine = OutgoingMessage.objects.filter(pk=message.pk, attempts=message.attempts)
        again = now + pause_after(message.attempts)
        if not error:
            mine.update(
                state=OutgoingMessage.State.SENT,
                error="",
                content=b"",
                claimed_until=None,
                ended_at=now,
            )
        elif again >= message.expires_at and clock.doubt() is None:
            mine.update(
                state=OutgoingMessage.State.GIVEN_UP,
                error=error,
                content=b"",
                claimed_until=None,
                ended_at=now,
            )
        else:
            mine.update(error=error, due_at=again, claimed_until=None)


def _domain(from_email: str) -> str:
    """The sender's own domain, which a Message-ID ends with; this machine's name tells nobody."""
    domain = from_email.rpartition("@")[2].strip(" >")
    return domain if domain.isascii() and domain else "rollcall.invalid"


def _one_line(subject: str) -> str:
    return clean(" ".join(subject.split()))[:LONGEST_SUBJECT]
