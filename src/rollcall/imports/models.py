"""What an import leaves behind: connections, runs, staged employees, changes, notifications."""

from __future__ import annotations

import enum
import uuid
from datetime import time
from typing import Any

from django.conf import settings as django_settings
from django.db import models
from django.utils import timezone

from rollcall.database.sealed_columns import SealedField
from rollcall.directory.fields import SearchField
from rollcall.jobs.models import LeasedWork
from rollcall.provisioning.change import Change, Outcome, Result
from rollcall.provisioning.employee_ids import LONGEST_ID
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.serialization import PARTS, change_from_record
from rollcall.sources.base import LONGEST_KEY
from rollcall.targets.registry import DEFAULT


class Connection(models.Model):
    """A connected account of some source, and the target that it is imported into.

    `source` is the key of its kind (`sources.registry`), `key` that of the account: users carry its
    employees' ids under it. `address` is where the account is, and `settings` what was said of it
    beside its secrets, by the names of its kind's fields. `target` is the key of a kind of target.

    `sealed_credentials` holds the account, encrypted, only where the administrator chose "Keep for
    scheduled imports". `options` are the lifecycle options that the administrator
    set for this connection (see `imports.options`).

    `schedule` says how often a scheduled import runs, `schedule_at` the time of day (in the
    server's time zone) for those that run once a day or week, `schedule_review` whether it stops
    for review. `schedule_notify` is who hears of it, `schedule_language` in which language, with
    links that begin with `portal_url`.
    """

    class Schedule(models.TextChoices):
        """How often."""

        NEVER = "", "Never"
        HOURLY = "hourly", "Every hour"
        DAILY = "daily", "Every day"
        WEEKLY = "weekly", "Every Monday"

    name = models.CharField(max_length=255)
    source = models.CharField(max_length=32)
    key = models.CharField(max_length=LONGEST_KEY)
    address = models.CharField(max_length=2048, blank=True, default="")
    settings: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    target = models.CharField(max_length=16, default=DEFAULT)
    application = models.OneToOneField(
        "directory.Application", null=True, blank=True, on_delete=models.CASCADE
    )
    sealed_credentials = SealedField(null=True, blank=True)
    options: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    schedule = models.CharField(
        max_length=8, choices=Schedule, blank=True, default=Schedule.NEVER.value
    )
    schedule_at = models.TimeField(default=time(6, 0))
    schedule_review = models.BooleanField(default=False)
    schedule_notify = models.CharField(max_length=255, blank=True, default="")
    schedule_language = models.CharField(max_length=8, blank=True, default="")
    portal_url = models.CharField(max_length=255, blank=True, default="")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "target"],
                # The portal may have the same account under several applications; the terminal has
                # one of each.
                condition=models.Q(application=None),
                name="connection_one_per_account",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def lane(self) -> str:
        """The account and the target that its runs ordinarily go between."""
        return lane_of(self.target, self.key)


def lane_of(target: str, account_key: str) -> str:
    """What two runs share that must not be at work together: target and account, in one word."""
    return f"{target} {account_key}"


class UploadedFile(models.Model):
    """A file that an administrator handed over for an application and has not imported yet.

    `sealed` is the account that it is (`source_accounts.seal_account`), its content included. Each
    administrator has one for each application, for as long as `uploads.KEPT_FOR`.
    """

    application = models.ForeignKey("directory.Application", on_delete=models.CASCADE)
    owner = models.ForeignKey(django_settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    sealed = SealedField()
    kept_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "owner"], name="uploaded_file_one_of_each"
            )
        ]

    def __str__(self) -> str:
        return f"file for {self.application_id}"


class RunState(enum.StrEnum):
    """Where a run stands; its words are `labels.state_label`."""

    FETCHING = "fetching"
    PLANNING = "planning"
    REVIEW = "review"
    APPLYING = "applying"
    LINKING = "linking"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    STOPPED = "stopped"


ACTIVE_STATES = (RunState.FETCHING, RunState.PLANNING, RunState.APPLYING, RunState.LINKING)
"""The states in which a run is at work; two runs of one lane are never both in one."""

WRITING_STATES = (RunState.APPLYING, RunState.LINKING)
"""Those of them in which the plan is being carried out."""

PLANNED_STATES = (RunState.REVIEW, RunState.STOPPED)
"""The states in which a run's changes are a plan: nothing has been written."""


class Run(LeasedWork):
    """One import, from the first page fetched to the last manager linked.

    `lane` is the connected account and the target: runs of one lane never overlap, whichever
    connection they go over. `address` is where that account was. Both are the run's own: what an
    import was started with does not change with its connection, nor the connection with it.
    `expected` is the number of employees that the source announced, `fetched` how many distinct
    ones arrived, `complete` whether the read was complete and consistent (an incomplete one
    suspends and blanks nothing). `counts` is the number of employees by result (`change.Result`)
    once applied, by kind while in review. `sealed_credentials` exist only until the source has been
    read. `next_try_at` is when a source that is away is asked again; None while nobody waits for
    it. `planned_at` and `approved_at` are the ends of the time in which a reviewed run only
    waited.
    `source_requests` and `target_requests` count what was sent, repeated tries included.
    `organization` is the target's id of the organization that the run belongs to, from its
    first look there on. `batch_count` is None until the plan is cut into batches. Of the changes
    before the one numbered `linked_to` the managers are linked. `language` and `portal_url` are
    those of the administrator who started it, for the e-mail to `notify_email` and its link;
    `live_threshold` is the setting as it was then, so that a lower one writes of no old run.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # For people to say; of two that start at once the second is refused, and takes the next.
    number = models.PositiveIntegerField(unique=True)
    # A run is the record of what was done to people: no connection takes it along.
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="runs")
    lane = models.CharField(max_length=100)
    address = models.CharField(max_length=2048, blank=True, default="")
    target = models.CharField(max_length=16, default=DEFAULT)
    organization = models.CharField(max_length=64, blank=True, default="")
    trigger = models.CharField(max_length=16, default="cli")
    started_by = models.CharField(max_length=255, blank=True, default="")
    started_by_user = models.ForeignKey(
        django_settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    state = models.CharField(max_length=16, default=RunState.FETCHING.value)
    review = models.BooleanField(default=False)
    retry_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)
    options: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    mapping_version = models.CharField(max_length=64, blank=True, default="")
    expected = models.PositiveIntegerField(null=True)
    fetched = models.PositiveIntegerField(default=0)
    complete = models.BooleanField(default=False)
    to_apply = models.PositiveIntegerField(default=0)
    batch_count = models.PositiveIntegerField(null=True)
    applied = models.PositiveIntegerField(default=0)
    linked_to = models.PositiveIntegerField(default=0)
    source_requests = models.PositiveIntegerField(default=0)
    target_requests = models.PositiveIntegerField(default=0)
    counts: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    warnings: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    error_code = models.CharField(max_length=32, blank=True, default="")
    error = models.TextField(blank=True, default="")
    sealed_credentials = SealedField(null=True, blank=True)
    notify_email = models.CharField(max_length=255, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    portal_url = models.CharField(max_length=255, blank=True, default="")
    live_threshold = models.PositiveIntegerField(default=100)
    notified_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["lane"],
                condition=models.Q(state__in=[state.value for state in ACTIVE_STATES]),
                name="run_one_active_per_lane",
            )
        ]

    def __str__(self) -> str:
        return f"run {self.number}"

    @property
    def account_key(self) -> str:
        """The key of the account that this run reads."""
        return self.lane.partition(" ")[2]

    def save(self, **how: Any) -> None:
        """Store the run; one that names no lane takes its connection's."""
        self.lane = self.lane or self.connection.lane
        super().save(**how)


class StagedEmployee(models.Model):
    """What the source said of one employee in one run (`provisioning.employee.to_record`)."""

    # no index of its own: the constraint's begins with it
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="staged", db_index=False)
    employee_id = models.CharField(max_length=LONGEST_ID)
    record: models.JSONField[Any, Any] = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "employee_id"], name="staged_employee_unique")
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} in {self.run_id}"


class ChangeRecord(models.Model):
    """One change of a run's plan, and how it came out (`provisioning.change.Change`).

    `starts_on` is the hire date of an employee who was still to start when the plan was made.
    `result` is empty until the employee is accounted for. `chosen` is what the administrator
    picked in the review; what a change `asks` (`takeover.Consent`, "" for nothing) has to be
    `ticked` besides. `sort_name` is the beginning of the name, folded: what lists sort by,
    short enough for an index. `search_text` is name and e-mail in the form of `core.searching`.
    """

    # no index of its own: the constraints' begin with it
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="changes", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=16)
    employee_id = models.CharField(max_length=LONGEST_ID)
    starts_on = models.DateField(null=True, blank=True)
    # First and last name may have 1,024 characters each.
    name = models.CharField(max_length=2100, blank=True, default="")
    sort_name = models.CharField(max_length=64, blank=True, default="")
    search_text = SearchField(of=("name", "email"))
    email = models.CharField(max_length=1100, blank=True, default="")
    user_id = models.CharField(max_length=64, blank=True, default="")
    fields: models.JSONField[Any, Any] = models.JSONField(default=list)
    external_id = models.CharField(max_length=64, blank=True, default="")
    manager: models.JSONField[Any, Any] = models.JSONField(null=True)
    wave = models.PositiveIntegerField(default=0)
    with_whom: models.JSONField[Any, Any] = models.JSONField(default=list)
    reason: models.JSONField[Any, Any] = models.JSONField()
    warnings: models.JSONField[Any, Any] = models.JSONField(default=list)
    row = models.PositiveIntegerField(null=True)
    takeover: models.JSONField[Any, Any] = models.JSONField(null=True)
    asks = models.CharField(max_length=16, blank=True, default="")
    ticked = models.BooleanField(db_default=False)
    chosen = models.BooleanField(default=True)
    result = models.CharField(max_length=16, blank=True, default="")
    error: models.JSONField[Any, Any] = models.JSONField(null=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["run", "seq"], name="change_seq_unique"),
            models.UniqueConstraint(fields=["run", "employee_id"], name="change_employee_unique"),
        ]
        indexes = [
            models.Index(fields=["run", "kind", "seq"], name="change_run_kind_seq"),
            models.Index(fields=["run", "result", "seq"], name="change_run_result_seq"),
            models.Index(fields=["run", "sort_name"], name="change_run_sort_name"),
            models.Index(
                fields=["run", "kind"], condition=models.Q(chosen=False), name="change_run_left_out"
            ),
            models.Index(
                fields=["run", "seq"], condition=~models.Q(asks=""), name="change_run_asks"
            ),
            models.Index(fields=["user_id"], name="change_user"),
            models.Index(
                fields=["run", "starts_on"],
                condition=models.Q(starts_on__isnull=False),
                name="change_run_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.employee_id}"

    @property
    def change(self) -> Change:
        """The change of the plan that this row keeps."""
        return change_from_record({part: getattr(self, part) for part in PARTS})

    def warn(self, reason: Reason) -> None:
        """Add something to know about the change; the caller stores it."""
        self.warnings = [*self.warnings, reason.to_record()]

    @property
    def outcome(self) -> Outcome | None:
        """How the change came out; None while that is still to come."""
        if not self.result:
            return None
        error = Reason.from_record(self.error) if self.error else None
        return Outcome(self.employee_id, Result(self.result), self.user_id or None, error)


class BatchRecord(models.Model):
    """One batch of a run, and how far it got at a directory that works in jobs.

    A batch of writes is the changes of one `wave` numbered from `first` to `last` that were not
    accounted for when the plan was cut; for batches of manager links these say nothing.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="batches")
    name = models.CharField(max_length=64)
    wave = models.PositiveIntegerField(default=0)
    first = models.PositiveIntegerField(default=0)
    last = models.PositiveIntegerField(default=0)
    begun = models.BooleanField(default=False)
    job = models.CharField(max_length=128, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="batch_unique")]

    def __str__(self) -> str:
        return f"{self.name} of {self.run_id}"


class TargetChoice(models.Model):
    """Where imports go unless another target is named: one row."""

    target = models.CharField(max_length=16, default=DEFAULT)

    def __str__(self) -> str:
        return self.target

    @classmethod
    def the(cls) -> TargetChoice:
        """The choice; the built-in directory until one was made."""
        return cls.objects.first() or cls()


class TargetAccount(models.Model):
    """The account that the portal keeps for a kind of target.

    `settings` are the values of its kind's fields by their names; those that are secret are
    together in `sealed_secrets`, as JSON.
    """

    target = models.CharField(max_length=16, primary_key=True)
    settings: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    sealed_secrets = SealedField(null=True, blank=True)

    def __str__(self) -> str:
        return f"account at {self.target}"

    @classmethod
    def at(cls, target: str) -> TargetAccount:
        """The account at this kind of target; an empty one until one was kept."""
        return cls.objects.filter(target=target).first() or cls(target=target)


class Tombstone(models.Model):
    """That somebody of a connected account was erased, and is not made anew unasked.

    `digest` is keyed and names nobody (`imports.tombstones`). `met_at` is when an import last met
    the person, or when they were erased.
    """

    account = models.CharField(max_length=LONGEST_KEY)
    digest = models.CharField(max_length=64)
    erased_at = models.DateTimeField(default=timezone.now)
    met_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "digest"], name="tombstone_one_a_person")
        ]

    def __str__(self) -> str:
        return f"somebody of {self.account}"
