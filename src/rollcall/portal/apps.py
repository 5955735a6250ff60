"""The portal as a Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the portal's pages and its administrators under the label `portal`."""

    name = "rollcall.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Begin to note what people change about their sign-in."""
        from rollcall.portal import account_events

        account_events.connect()
