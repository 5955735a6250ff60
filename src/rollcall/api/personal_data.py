"""What the API keeps of a person: what a SCIM client gave, and the results of bulk requests."""

from __future__ import annotations

from django.db.models import Q

from rollcall.api.models import BulkResult, ScimRecord
from rollcall.core.actor import Actor
from rollcall.privacy.mentions import mentioning
from rollcall.privacy.registry import Impersonal, PersonalRecords, Rows, Statement
from rollcall.privacy.subject import Subject


def _rows(subject: Subject) -> Rows:
    mentions = mentioning(BulkResult.objects.all(), ("persistedFields",), subject.words)
    about = Q(pk__in=mentions.values("pk"))
    # Somebody who is no user, or no longer one, may be named in a request all the same.
    if not subject.user_id:
        return (BulkResult.objects.filter(about),)
    return (
        ScimRecord.objects.filter(user=subject.user_id),
        BulkResult.objects.filter(about | Q(user_id=subject.user_id)),
    )


def _erase(subject: Subject, actor: Actor) -> int:
    return sum(rows.delete()[0] for rows in _rows(subject))


STATEMENT = Statement(
    records=(
        PersonalRecords(
            name="API",
            columns=("api.ScimRecord", "api.BulkResult"),
            rows=_rows,
            erase=_erase,
        ),
    ),
    impersonal=(
        Impersonal(("api.BulkJob",), "what was asked for, of how many"),
        Impersonal(("api.ScimGroupRecord",), "a SCIM client's id of a user group"),
    ),
)
