"""The portal as a Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the portal's templates and static files under the label `portal`."""

    name = "rollcall.web.shell"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
