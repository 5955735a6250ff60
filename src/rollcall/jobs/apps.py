"""The jobs room as a Django app."""

from django.apps import AppConfig

from rollcall.privacy import registry as privacy


class JobsConfig(AppConfig):
    """Registers workers under the label `jobs`."""

    name = "rollcall.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what is kept of people."""
        privacy.register("rollcall.jobs.personal_data")
