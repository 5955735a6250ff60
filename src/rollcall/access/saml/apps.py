"""The SAML identity provider as a Django app."""

from collections.abc import Mapping
from typing import Any

from django.apps import AppConfig

from rollcall.access import road
from rollcall.jobs.registry import Chore, Work, register
from rollcall.privacy import registry as privacy

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
        from django.contrib.auth.signals import user_logged_out
        from django.db.models.signals import post_save

        from rollcall.accounts.models import Account

        privacy.register("rollcall.access.saml.personal_data")
        road.register("saml-sign-on", _origin)
        user_logged_out.connect(_signed_out, dispatch_uid="saml-signed-out")
        post_save.connect(_account_saved, sender=Account, dispatch_uid="saml-account-saved")
        chores = (
            Chore("saml: tell applications who is out", TELLING_SECONDS, _tell),
            Chore("saml: forget sign-ons that are over", HOUR_SECONDS, _forget),
            Chore("saml: warn of certificates that end", HOUR_SECONDS, _warn),
        )
        register(Work(room=self.label, worker_chores=chores))


def _origin(asked: Mapping[str, str]) -> str:
    from rollcall.access.saml import connections

    return connections.leads_to(asked)


def _signed_out(sender: object, request: Any, **given: object) -> None:
    """Whoever signs out here is signed out at the applications of the same browser."""
    from rollcall.access.saml import sign_ons

    session = getattr(request, "session", None)
    if session is not None and session.session_key:
        sign_ons.end_of_browser(session.session_key)


def _account_saved(
    sender: object, instance: Any, created: bool, update_fields: Any = None, **given: object
) -> None:
    """A new password ends what the old one began, as it does here."""
    from rollcall.access.saml import sign_ons

    if not created and update_fields and "password" in update_fields:
        sign_ons.end_of_account(instance.pk)


def _tell() -> None:
    from rollcall.access.saml import telling

    telling.tell()


def _forget() -> None:
    from rollcall.access.saml import sign_ons

    sign_ons.forget()


def _warn() -> None:
    from rollcall.access.saml import warnings

    warnings.warn()
