"""What the API stores of its own: bulk jobs with their results, and what only SCIM keeps."""

from __future__ import annotations

from typing import Any

from django.db import models

from rollcall.directory.models import User, new_id


class BulkJob(models.Model):
    """One bulk request (JumpCloud v2, POST and PATCH bulk/users)."""

    id = models.CharField(primary_key=True, max_length=24, default=new_id, editable=False)
    kind = models.CharField(max_length=8)
    creation_source = models.CharField(max_length=64, blank=True, default="")
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class BulkResult(models.Model):
    """What became of one user of a bulk request (JumpCloud v2, `job-workresult`).

    `user_id` is the user written or, of a change, asked for; empty where nobody was made. `seq` is
    the place in the request.
    """

    job = models.ForeignKey(BulkJob, on_delete=models.CASCADE, related_name="results")
    seq = models.PositiveIntegerField()
    # The vendor's results have an id each, those of a user that was never made too.
    result_id = models.CharField(max_length=24, default=new_id)
    user_id = models.CharField(max_length=24, blank=True, default="")
    status = models.CharField(max_length=16)
    # Named as the vendor names them in its answers: what is stored is what is shown.
    statusMsg = models.CharField(max_length=1024, blank=True, default="")
    persistedFields: models.JSONField[Any, Any] = models.JSONField(default=dict)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "seq"], name="bulk_result_unique")]

    def __str__(self) -> str:
        return f"{self.status} in {self.job_id}"


class ScimRecord(models.Model):
    """What a SCIM client gave for a user that the directory has no field for.

    `user_name` is the client's userName where it cannot be a username of the directory (an e-mail
    address, say), else empty; `more` holds the rest of the resource as the client wrote it.
    """

    user = models.OneToOneField(
        User, primary_key=True, on_delete=models.CASCADE, related_name="scim"
    )
    user_name = models.CharField(max_length=255, blank=True, default="", db_index=True)
    external_id = models.CharField(max_length=255, blank=True, default="", db_index=True)
    more: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.user_id


class ScimGroupRecord(models.Model):
    """The SCIM client's own id for a user group."""

    group = models.OneToOneField(
        "directory.UserGroup", primary_key=True, on_delete=models.CASCADE, related_name="scim"
    )
    external_id = models.CharField(max_length=255, blank=True, default="", db_index=True)

    def __str__(self) -> str:
        return self.group_id
