"""The audit room as a Django app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the audit trail under the label `audit`."""

    name = "rollcall.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
