"""A mail server that is down breaks no page, and tells no stranger who has an account."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rollcall.accounts.models import Account
from rollcall.mail import outbox
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _down(settings: Any) -> None:
    settings.EMAIL_BACKEND = "rollcall.mail.bounded_smtp.BoundedBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def test_a_forgotten_password_answers_everybody_alike(
    client: Client, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    found = {
        email: client.post("/account/password/forgotten/", {"email": email})["Location"]
        for email in ("manager@example.com", "stranger@example.com")
    }
    assert set(found.values()) == {"/account/password/forgotten/sent/"}
    assert outbox.send_due() == 0
    assert "could not be sent: ConnectionRefusedError" in caplog.text
    assert "manager@" not in caplog.text


def test_a_folder_for_emails_that_cannot_be_written_breaks_nothing(
    admin: Client, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = "/proc/nowhere"
    form = {"email": "new@example.com", "role": "read_only"}
    assert admin.post("/settings/administrators/", form).status_code == 302
    assert outbox.send_due() == 0


def test_a_password_is_changed_all_the_same(client: Client, world: World) -> None:
    client.force_login(world.people["manager"], backend="rollcall.accounts.backend.AccountBackend")
    new = "seven grey geese at dawn"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/account/password/change/", form).status_code == 302
    assert Account.objects.get(email="manager@example.com").check_password(new)
