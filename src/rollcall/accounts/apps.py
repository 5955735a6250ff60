"""The accounts room as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers who can sign in under the label `accounts`."""

    name = "rollcall.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Begin to note what people change about their sign-in."""
        from rollcall.accounts import events

        events.connect()
