"""The room of policies as a Django app."""

from django.apps import AppConfig

from rollcall.privacy import registry as privacy


class PoliciesConfig(AppConfig):
    """Registers conditional access under the label `policies`."""

    name = "rollcall.access.policies"
    label = "policies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Decide sign-ins from now on, and say what is kept of people."""
        from rollcall.access.policies import moving
        from rollcall.access.policies.admitting import ConditionalAccess
        from rollcall.accounts import admission

        privacy.register("rollcall.access.policies.personal_data")
        admission.fill(ConditionalAccess())
        moving.connect()
