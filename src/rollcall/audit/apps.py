"""The audit room as a Django app."""

from django.apps import AppConfig

from rollcall.jobs.registry import Chore, Work, register
from rollcall.privacy import registry as privacy

MINUTE_SECONDS = 60.0
DAY_SECONDS = 86_400.0
HAND_ON_SECONDS = 10.0


class AuditConfig(AppConfig):
    """Registers the audit trail under the label `audit`, and that it is sealed and kept short."""

    name = "rollcall.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what workers do for the trail, and what it keeps of people."""
        privacy.register("rollcall.audit.personal_data")
        register(
            Work(
                room=self.label,
                worker_chores=(
                    Chore("audit: seal events", 5 * MINUTE_SECONDS, _seal),
                    # Asked every hour and done once a day, by whichever worker asks first.
                    Chore("audit: verify the chain", 60 * MINUTE_SECONDS, _verify),
                    Chore("audit: forget what was kept long enough", DAY_SECONDS, _forget),
                    Chore("audit: hand events on", HAND_ON_SECONDS, _hand_on),
                ),
            )
        )


def _seal() -> None:
    from rollcall.audit import chain

    chain.seal_due()


def _verify() -> None:
    from rollcall.audit import verification

    verification.verify_if_due()


def _forget() -> None:
    from rollcall.audit import retention

    retention.forget()


def _hand_on() -> None:
    from rollcall.audit.streaming import handing_on

    handing_on.hand_on()
