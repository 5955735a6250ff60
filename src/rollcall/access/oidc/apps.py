"""The OpenID Connect provider as a Django app."""

from collections.abc import Mapping

from django.apps import AppConfig

from rollcall.access import road
from rollcall.jobs.registry import Chore, Work, register
from rollcall.privacy import registry as privacy

HOUR_SECONDS = 3600.0
SOON_SECONDS = 1.0


class OidcConfig(AppConfig):
    """Registers the provider under the label `oidc`."""

    name = "rollcall.access.oidc"
    label = "oidc"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what is kept of people, where the road leads, and what is done by itself."""
        from rollcall.access.oidc import logouts
        from rollcall.accounts import departures

        departures.listen(logouts.departed)
        privacy.register("rollcall.access.oidc.personal_data")
        road.register("oidc-authorize", _origin)
        chores = (
            Chore("oidc: forget tokens that are over", HOUR_SECONDS, _forget),
            Chore("oidc: find who is out", SOON_SECONDS, _find),
            Chore("oidc: tell applications who is out", SOON_SECONDS, _tell),
            Chore("oidc: keep the signing keys fresh", HOUR_SECONDS, _keep_fresh),
        )
        register(Work(room=self.label, worker_chores=chores))


def _origin(asked: Mapping[str, str]) -> str:
    from rollcall.access.oidc import clients

    return clients.answered_at(asked.get("client_id", ""), asked.get("redirect_uri", ""))


def _find() -> None:
    from rollcall.access.oidc import logouts

    logouts.follow()


def _tell() -> None:
    from rollcall.access.oidc import logout_delivery

    logout_delivery.deliver()


def _forget() -> None:
    from rollcall.access.oidc import retention

    retention.forget()


def _keep_fresh() -> None:
    from rollcall.access.oidc import signing_keys

    signing_keys.keep_fresh()
