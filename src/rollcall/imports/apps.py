"""The imports room as a Django app."""

from django.apps import AppConfig

from rollcall.jobs.registry import Chore, Work, register
from rollcall.privacy import registry as privacy

DAY_SECONDS = 86_400.0


class ImportsConfig(AppConfig):
    """Registers runs, changes and connections under the label `imports`, and their work."""

    name = "rollcall.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what workers do for imports, and what is kept of people."""
        privacy.register("rollcall.imports.personal_data")
        # Not at the top, as in the functions below: models are imported once all apps are there.
        from rollcall.mail.outbox import listen

        listen("run", _note_the_email)
        register(
            Work(
                room=self.label,
                load=_load_workflows,
                prepare=_keep_schedules,
                worker_chores=(
                    Chore("imports: take over what the dead left", 5.0, _take_over),
                    Chore("imports: post e-mails that were left", 5.0, _post_emails),
                    Chore("imports: forget what was kept long enough", DAY_SECONDS, _forget),
                    Chore("imports: forget files that nobody imports", 600.0, _forget_files),
                ),
                chores=(Chore("imports: go on with what was left here", 5.0, _go_on_here),),
            )
        )


def _load_workflows() -> None:
    from rollcall.imports import schedule, workflow  # noqa: F401 - loading makes them known


def _keep_schedules() -> None:
    from rollcall.imports import schedule

    schedule.keep_all()


def _take_over() -> None:
    from rollcall.imports import dispatch

    dispatch.take_over_what_was_left()


def _go_on_here() -> None:
    from rollcall.imports import dispatch

    dispatch.go_on_here()


def _forget() -> None:
    from rollcall.imports import retention

    retention.forget()


def _forget_files() -> None:
    from rollcall.imports import uploads

    uploads.forget()


def _post_emails() -> None:
    from rollcall.imports import completion_email

    completion_email.post_what_was_left()


def _note_the_email(run_id: str, sent: bool) -> None:
    from rollcall.imports import completion_email

    completion_email.noted(run_id, sent)
