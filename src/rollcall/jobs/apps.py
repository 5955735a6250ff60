"""The jobs room as a Django app."""

import logging

from django.apps import AppConfig

from rollcall.jobs.registry import Chore, Work, register
from rollcall.privacy import registry as privacy

MINUTE_SECONDS = 60.0
DAY_SECONDS = 86_400.0

log = logging.getLogger(__name__)


class JobsConfig(AppConfig):
    """Registers workers under the label `jobs`."""

    name = "rollcall.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say that workers read the clock and clear up after themselves, and what is kept."""
        privacy.register("rollcall.jobs.personal_data")
        register(
            Work(
                room=self.label,
                worker_chores=(
                    Chore("jobs: read the clock", MINUTE_SECONDS, _read_clock),
                    Chore("jobs: forget workflows that ended", DAY_SECONDS, _forget),
                ),
            )
        )


def _read_clock() -> None:
    from rollcall.jobs import clock

    if leap := clock.read():
        log.warning(
            "the clock leapt from %s to %s: nothing is deleted by its age until %s",
            *(f"{moment:%Y-%m-%d %H:%M}" for moment in (leap.before, leap.after)),
            f"{leap.doubted_until:%Y-%m-%d}",
        )


def _forget() -> None:
    from rollcall.jobs import workflow_records

    workflow_records.forget()
