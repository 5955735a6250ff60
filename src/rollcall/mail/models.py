"""What the mail room stores: how the organization wants to hear of imports."""

from __future__ import annotations

from django.db import models


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
