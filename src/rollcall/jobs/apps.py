"""The jobs room as a Django app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Registers workers under the label `jobs`."""

    name = "rollcall.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
