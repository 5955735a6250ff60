"""The SAML identity provider as a Django app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.apps import AppConfig

from rollcall.access import road
from rollcall.jobs.registry import Chore, Work, register
from rollcall.privacy import registry as privacy

if TYPE_CHECKING:
    from rollcall.accounts.departures import Departure

HOUR_SECONDS = 3600.0
TELLING_SECONDS = 5.0
"""How often it is looked whether somebody is out: what "at once" means to an application."""


class SamlConfig(AppConfig):
    """Registers the provider under the label `saml`."""

    name = "rollcall.access.saml"
    label = "saml"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what is kept of people, where the road leads, and what is done by itself."""
        from rollcall.accounts import departures

        privacy.register("rollcall.access.saml.personal_data")
        road.register("saml-sign-on", _origin)
        departures.listen(_departed)
        chores = (
            Chore("saml: tell applications who is out", TELLING_SECONDS, _tell),
            Chore("saml: forget sign-ons that are over", HOUR_SECONDS, _forget),
            Chore("saml: warn of certificates that end", HOUR_SECONDS, _warn),
        )
        register(Work(room=self.label, worker_chores=chores))


def _origin(asked: Mapping[str, str]) -> str:
    from rollcall.access.saml import connections

    return connections.leads_to(asked)


def _departed(departure: Departure) -> None:
    from rollcall.access.saml import sign_ons

    sign_ons.end_of_departure(departure)


def _tell() -> None:
    from rollcall.access.saml import telling

    telling.tell()


def _forget() -> None:
    from rollcall.access.saml import sign_ons

    sign_ons.forget()


def _warn() -> None:
    from rollcall.access.saml import warnings

    warnings.warn()
