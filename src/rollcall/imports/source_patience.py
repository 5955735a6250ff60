"""A source that is away for a while is waited for, for everybody to see, before its run fails."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from rollcall.imports.fetching import fetch
from rollcall.imports.lease import change_held, held
from rollcall.imports.models import Run
from rollcall.jobs import patience
from rollcall.sources.errors import SourceError

FIRST_PAUSE: Final = 5.0
LONGEST_PAUSE: Final = 60.0
LOOK_SECONDS: Final = 1.0
"""How soon somebody who waits sees that the run was cancelled."""

SCHEDULED: Final = "schedule"

log = logging.getLogger(__name__)


def fetch_patiently(run_id: UUID) -> None:
    """Read every employee into the run; a source that is away is asked again, for as long as set.

    Raises:
        SourceError: trying again will not help, or the source was away for too long.
        CredentialsGone: see `fetch`.
        TakenOver: the run was cancelled meanwhile, or is another process's.
    """
    pause, end = FIRST_PAUSE, 0.0
    while True:
        try:
            fetch(run_id)
            return
        except SourceError as error:
            now = time.monotonic()
            end = end or now + _longest(run_id)
            if error.permanent or now >= end:
                raise
            log.warning("the source is away (%s); next try soon", type(error).__name__)
        _rest(run_id, min(pause, end - now))
        pause = min(2 * pause, LONGEST_PAUSE)


def _longest(run_id: UUID) -> float:
    """For how many seconds the source is waited for.

    Not at all where it has never answered: a wrong address explains silence better than bad luck,
    and somebody at a terminal is to hear of it at once.
    """
    run = held(run_id)
    if run.trigger == SCHEDULED:
        return float(settings.SCHEDULED_SOURCE_PATIENCE)
    before = Run.objects.filter(lane=run.lane).exclude(planned_at=None)
    answered = run.trigger != "cli" or run.fetched or before.exists()
    return float(settings.SOURCE_PATIENCE) if answered else 0.0


def _rest(run_id: UUID, seconds: float) -> None:
    end = time.monotonic() + seconds
    change_held(run_id, next_try_at=timezone.now() + timedelta(seconds=seconds))
    while (left := end - time.monotonic()) > 0:
        patience.rest(min(left, LOOK_SECONDS))
        held(run_id)
    change_held(run_id, next_try_at=None)
