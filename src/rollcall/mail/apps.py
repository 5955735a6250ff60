"""The mail room as a Django app."""

from django.apps import AppConfig

from rollcall.jobs.registry import Chore, Work, register
from rollcall.privacy import registry as privacy

DAY_SECONDS = 86_400.0


class MailConfig(AppConfig):
    """Registers the outbox under the label `mail`, and that it is emptied."""

    name = "rollcall.mail"
    label = "mail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say that whoever carries out work sends what is due, and what is kept of people."""
        privacy.register("rollcall.mail.personal_data")
        register(
            Work(
                room=self.label,
                worker_chores=(Chore("mail: forget what was sent long ago", DAY_SECONDS, _forget),),
                chores=(Chore("mail: send what is due", 2.0, _send_due),),
            )
        )


def _send_due() -> None:
    from rollcall.mail import outbox

    outbox.send_due()


def _forget() -> None:
    from rollcall.mail import outbox

    outbox.forget()
