"""Files that were handed over and are not imported yet: sealed, one a person, for an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from rollcall.accounts.models import Account as Owner
from rollcall.core.errors import Problem
from rollcall.directory.models import Application
from rollcall.imports.models import UploadedFile
from rollcall.imports.source_accounts import seal_account, unseal_account
from rollcall.jobs.forgetting import oldest
from rollcall.sources.base import Account

KEPT_FOR: Final = timedelta(hours=1)
"""Long enough to look at the columns, and to ask somebody what one of them means."""


def keep(application: Application, owner: Owner, account: Account) -> None:
    """Keep this file until it is imported; another one that waits is replaced."""
    # One for each person: two administrators look at two files without taking each other's away.
    UploadedFile.objects.update_or_create(
        application=application,
        owner=owner,
        defaults={"sealed": seal_account(account), "kept_at": timezone.now()},
    )


def waiting(application: Application, owner: Owner) -> Account | None:
    """The file that waits for this person to import it; None where there is none any more."""
    row = UploadedFile.objects.filter(
        application=application, owner=owner, kept_at__gt=timezone.now() - KEPT_FOR
    ).first()
    try:
        return unseal_account(row.sealed) if row else None
    except Problem:  # sealed with a key that is gone: as good as no file
        return None


def discard(application: Application, owner: Owner) -> None:
    """Keep the file no longer."""
    UploadedFile.objects.filter(application=application, owner=owner).delete()


def forget() -> int:
    """Delete what nobody came back for, a share in one pass; how many files that were."""
    late = UploadedFile.objects.filter(kept_at__lte=timezone.now() - KEPT_FOR)
    return oldest(late, of=UploadedFile.objects.all(), by="kept_at").delete()[0]
