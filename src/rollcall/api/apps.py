"""The API as a Django app."""

from django.apps import AppConfig

from rollcall.privacy import registry as privacy


class ApiConfig(AppConfig):
    """Registers the API's keys under the label `api`."""

    name = "rollcall.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what is kept of people, and search by clients' patterns in linear time."""
        from rollcall.database import patterns

        privacy.register("rollcall.api.personal_data")
        patterns.install()
