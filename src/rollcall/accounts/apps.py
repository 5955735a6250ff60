"""The accounts room as a Django app."""

from django.apps import AppConfig

from rollcall.database.sealed_columns import SealedColumn, register
from rollcall.jobs.registry import Chore, Work
from rollcall.jobs.registry import register as register_work
from rollcall.privacy import registry as privacy

MINUTE_SECONDS = 60.0
HOUR_SECONDS = 3600.0


class AccountsConfig(AppConfig):
    """Registers who can sign in under the label `accounts`."""

    name = "rollcall.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Begin to note what people change about their sign-in; name what is sealed and kept."""
        from allauth.mfa.models import Authenticator

        from rollcall.accounts import departures, events, second_factors, sessions

        events.connect()
        sessions.connect()
        departures.connect()
        privacy.register("rollcall.accounts.personal_data")
        register(SealedColumn(Authenticator, "data", second_factors.resealed))
        forget = Chore("accounts: forget sessions that are over", HOUR_SECONDS, _forget)
        expire = Chore("accounts: expire passwords, and warn before", HOUR_SECONDS, _expire)
        unlock = Chore("accounts: unlock whose time has come", MINUTE_SECONDS, _unlock)
        register_work(Work(room=self.label, worker_chores=(forget, expire, unlock)))


def _forget() -> None:
    from rollcall.accounts import retention

    retention.forget()


def _expire() -> None:
    from rollcall.accounts import password_expiry

    password_expiry.expire_due()
    password_expiry.warn_due()


def _unlock() -> None:
    from rollcall.accounts import user_lock_out

    user_lock_out.unlock_due()
