"""The portal as a Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the portal's pages and its administrators under the label `portal`."""

    name = "rollcall.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
