"""The API as a Django app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the API's keys under the label `api`."""

    name = "rollcall.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
