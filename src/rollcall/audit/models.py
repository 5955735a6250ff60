"""What the audit trail stores: events, the seals that chain them, and the cuts in the chain."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from rollcall.database.sealed_columns import SealedField


class Event(models.Model):
    """One thing that happened: who did it, through which door, to what, and how it came out.

    Shaped as Directory Insights shapes an event; `insights.as_insights` shows it in the vendor's
    names. `changes` is a list of `{"field", "from", "to"}`; a side that did not exist is left out.
    Events are written by `recording` and never changed, but for what erasing drops (`chain`).
    """

    timestamp = models.DateTimeField(default=timezone.now, db_index=True)
    service = models.CharField(max_length=32, default="directory")
    event_type = models.CharField(max_length=64)
    action = models.CharField(max_length=64)
    door = models.CharField(max_length=16)
    actor_type = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64, blank=True, default="")
    actor_name = models.CharField(max_length=255)
    client_ip = models.CharField(max_length=64, blank=True, default="")
    success = models.BooleanField(default=True)
    reason = models.CharField(max_length=255, blank=True, default="")
    target_type = models.CharField(max_length=32, blank=True, default="")
    target_id = models.CharField(max_length=64, blank=True, default="")
    target_name = models.CharField(max_length=255, blank=True, default="")
    changes: models.JSONField[Any, Any] = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    details: models.JSONField[Any, Any] = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        # event_type has no index: the actions that it may be do, and each index is paid for in
        # every bulk write
        indexes = [
            models.Index(fields=["action", "timestamp"], name="audit_action"),
            models.Index(fields=["door", "timestamp"], name="audit_door"),
            models.Index(fields=["actor_name", "timestamp"], name="audit_actor"),
            models.Index(fields=["target_id", "timestamp"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_name}"

    @property
    def event_id(self) -> str:
        """The id in the vendor's form, 24 hexadecimal digits that sort by time."""
        return f"{self.pk:024x}"

    @property
    def before(self) -> dict[str, Any]:
        """What the changed fields held before, by field."""
        return {change["field"]: change["from"] for change in self.changes if "from" in change}

    @property
    def after(self) -> dict[str, Any]:
        """What the changed fields hold since, by field."""
        return {change["field"]: change["to"] for change in self.changes if "to" in change}


class Seal(models.Model):
    """A batch of events in the chain: what they were when it was sealed (`chain`).

    `first` and `last` are the keys of the first and the last of its `count` events; no other event
    up to `last` may exist that was not sealed before. `leaves` holds for each event its key, a
    salt and the salted digest of its content (`leaves`), and is emptied once all of the events
    were cut. `root` is the digest over the keys and digests, `digest` the one of this row with
    that of the seal before in `previous`, and `signature` is made with a `SigningKey`.
    `version` says which columns an event's digest covers (`leaves.COLUMNS`).
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    version = models.PositiveSmallIntegerField(default=1)
    first = models.BigIntegerField()
    last = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()
    leaves = models.BinaryField(default=b"")
    root = models.BinaryField()
    previous = models.BinaryField()
    digest = models.BinaryField()
    signature = models.BinaryField()

    def __str__(self) -> str:
        return f"seal {self.number}"


class SigningKey(models.Model):
    """A key that signs seals and cuts, itself sealed with the installation's keys (`signing`)."""

    sealed = SealedField()
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"signing key {self.pk}"


class CutReason(models.TextChoices):
    """Why events of a seal are gone, or say less than they did."""

    RETENTION = "retention", "Kept long enough"
    ERASURE = "erasure", "A person was erased"


class Cut(models.Model):
    """What was taken out of one seal: by whom, when, why and how much, signed.

    `removed` holds the keys of events that were deleted; `redacted` a new leaf for each that was
    kept without what it said of a person. Of events in several cuts the newest cut counts. `by`
    is the id of who did it, or the name where there is no id: it must be nobody's e-mail.
    """

    # A seal that was cut from cannot go: the cut is what vouches for the gap.
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="cuts")
    at = models.DateTimeField()
    reason = models.CharField(max_length=16, choices=CutReason)
    door = models.CharField(max_length=16)
    by = models.CharField(max_length=255)
    count = models.PositiveIntegerField()
    removed = models.BinaryField(default=b"")
    redacted = models.BinaryField(default=b"")
    signature = models.BinaryField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.count} events cut from {self.seal_id}"


class Verification(models.Model):
    """How the chain was when it was last looked through: one row; `hole` is empty where it held."""

    at = models.DateTimeField()
    seals = models.PositiveBigIntegerField()
    events = models.PositiveBigIntegerField()
    hole = models.CharField(max_length=32, blank=True, default="")
    hole_seal = models.PositiveBigIntegerField(default=0)
    hole_event = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.hole or 'whole'} at {self.at}"


class Keeping(models.Model):
    """How long events are kept, in days, as the portal says it: one row.

    None means what the installation's settings say.
    """

    sign_ins_days = models.PositiveIntegerField(null=True, blank=True)
    others_days = models.PositiveIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"sign-ins {self.sign_ins_days}, others {self.others_days} days"

    @classmethod
    def the(cls) -> Keeping:
        """The organization's choice; nothing until one was made."""
        return cls.objects.first() or cls()


class Stream(models.Model):
    """Where the portal says that events are handed on to, and how far that is: one row.

    `url` and `sealed_token` are the collector's. `cursor` is the key of the last event that was
    taken; it stays when the destination changes, so that no event is left out. `claimed_until` is
    until when a process is at it, `due_at` when it is tried again after `attempts` in vain.
    """

    class Destination(models.TextChoices):
        """What takes the events."""

        NOTHING = "", "Nothing"
        FILE = "file", "A file"
        COLLECTOR = "collector", "A collector"

    destination = models.CharField(max_length=16, blank=True, default="", choices=Destination)
    url = models.CharField(max_length=2048, blank=True, default="")
    sealed_token = SealedField(null=True, blank=True)
    cursor = models.BigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=64, blank=True, default="")
    due_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    KEY = 1

    def __str__(self) -> str:
        return f"events to {self.destination or 'nothing'}"

    @classmethod
    def the(cls) -> Stream:
        """The one row, which is made when it is first asked for."""
        return cls.objects.get_or_create(pk=cls.KEY)[0]
