"""What people change about their own sign-in is in the audit log too."""

from __future__ import annotations

import pytest
from django.test import Client

from rollcall.imports.models import AuditEntry
from tests.portal.world import PASSWORD, World

pytestmark = pytest.mark.django_db


def test_a_changed_password_is_noted_without_the_password(client: Client, world: World) -> None:
    client.force_login(
        world.people["manager"], backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    new = "seven grey geese at dawn"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/account/password/change/", form).status_code == 302
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor, entry.address) == (
        "account.password.change",
        "manager@example.com",
        "127.0.0.1",
    )
    assert new not in f"{entry.before}{entry.after}"
