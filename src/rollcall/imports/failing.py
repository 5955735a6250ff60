"""How a run ends when something larger than one employee goes wrong."""

from __future__ import annotations

import logging
import traceback
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from rollcall.core.errors import Problem
from rollcall.imports import erased_words
from rollcall.imports.accounting import count
from rollcall.imports.lease import locked
from rollcall.imports.models import ChangeRecord, RunState
from rollcall.imports.open_targets import requests_since
from rollcall.imports.undecided import account_for_undecided
from rollcall.provisioning.change import Result
from rollcall.provisioning.reason import Reason
from rollcall.sources.errors import SourceError
from rollcall.targets.errors import TargetError

log = logging.getLogger(__name__)


def fail(run_id: UUID, error: Exception) -> None:
    """Note the error at the run and account for everybody who was still to be written.

    An error that is not one of ours may carry a value of a person in its text (a database names
    the value that it refused): of such an error only the kind is kept, and where it came from.
    """
    code, text = _explained(error)
    with transaction.atomic():
        run = locked(run_id)
        # Half a plan is nobody's account: people would read it as what the import wanted to do.
        if run.state in (RunState.FETCHING, RunState.PLANNING):
            account_for_undecided(run, Result.FAILED, Reason("run_failed"))
        ChangeRecord.objects.filter(run=run, result="").update(
            result=Result.FAILED.value,
            error=Reason("run_failed").to_record(),
            finished_at=timezone.now(),
        )
        run.error_code, run.error = code, text
        # A run that has failed reads nothing any more.
        run.sealed_credentials = None
        run.next_try_at = None
        run.counts = count(run.pk, "result")
        run.target_requests += requests_since(run_id)
        run.state = RunState.FAILED
        run.finished_at = timezone.now()
        run.save()
        erased_words.take_out(run)
    log.error("run %s failed: %s", run.number, code)


def _explained(error: Exception) -> tuple[str, str]:
    match error:
        case SourceError():
            return "source", str(error)
        case TargetError():
            return "directory", str(error)
        case Problem():
            return "settings", str(error)
    # The name of the function and the line only: what stands in the frames may be somebody's.
    where = traceback.extract_tb(error.__traceback__)[-1]
    log.error("unexpected %s at %s:%s", type(error).__name__, where.name, where.lineno)
    return "internal", (
        f"Rollcall met an error of its own ({type(error).__name__} in {where.name}). "
        "Everything done so far is kept; start the import again, and report this line if it stays."
    )
