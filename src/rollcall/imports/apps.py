"""The imports room as a Django app."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Registers runs, changes and connections under the label `imports`."""

    name = "rollcall.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"
