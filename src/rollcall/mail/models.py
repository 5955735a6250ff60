"""What the mail room stores: the outbox, and how the organization wants to hear of imports."""

from __future__ import annotations

from django.db import models

from rollcall.database.sealed_columns import SealedField


class Notifications(models.Model):
    """How the organization wants to hear of imports: one row.

    `live_threshold`: an import of fewer people shows its results live; one of this many or more
    also sends an e-mail. `sender` is the From address; empty means `ROLLCALL_MAIL_FROM`.
    """

    live_threshold = models.PositiveIntegerField(default=100)
    sender = models.CharField(max_length=255, blank=True, default="")

    def __str__(self) -> str:
        return f"e-mail from {self.live_threshold} people on"

    @classmethod
    def the(cls) -> Notifications:
        """The organization's choice; the defaults until one was made."""
        return cls.objects.first() or cls()


class OutgoingMessage(models.Model):
    """An e-mail in the outbox: to be sent, sent, or given up.

    `message_id` is fixed when it is posted, so that whoever gets it twice can tell. `content` is
    the whole message as it goes over the wire, sealed, since it may hold a link that signs somebody
    in; it is emptied once the message was sent or given up. `about_type` and `about_id` name
    what it tells of (`run`, its id), for the room that posted it. `claimed_until` is until when a
    process has it in its hands.
    """

    class State(models.TextChoices):
        """Where the message stands."""

        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        GIVEN_UP = "given_up", "Given up"

    message_id = models.CharField(max_length=255, unique=True)
    recipient = models.CharField(max_length=1100)
    purpose = models.CharField(max_length=32)
    about_type = models.CharField(max_length=32, blank=True, default="")
    about_id = models.CharField(max_length=64, blank=True, default="")
    content = SealedField(blank=True, default=b"")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING.value)
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=64, blank=True, default="")
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="waiting"),
                name="outgoing_message_due",
            ),
            models.Index(fields=["about_type", "about_id"], name="outgoing_message_about"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.message_id}"
