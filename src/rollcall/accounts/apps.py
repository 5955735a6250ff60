"""The accounts room as a Django app."""

from django.apps import AppConfig

from rollcall.database.sealed_columns import SealedColumn, register
from rollcall.privacy import registry as privacy


class AccountsConfig(AppConfig):
    """Registers who can sign in under the label `accounts`."""

    name = "rollcall.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Begin to note what people change about their sign-in, and name what is sealed of it."""
        from allauth.mfa.models import Authenticator

        from rollcall.accounts import events, second_factors

        events.connect()
        privacy.register("rollcall.accounts.personal_data")
        register(SealedColumn(Authenticator, "data", second_factors.resealed))
