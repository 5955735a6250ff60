"""The mail room as a Django app."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Registers how e-mails are sent under the label `mail`."""

    name = "rollcall.mail"
    label = "mail"
    default_auto_field = "django.db.models.BigAutoField"
