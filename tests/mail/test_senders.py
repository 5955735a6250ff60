"""A sender is one address, with or without a name; nothing in it can become a further header."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from rollcall.core.sections import ConfigurationError
from rollcall.mail import outbox
from rollcall.mail.models import Notifications, OutgoingMessage
from rollcall.mail.senders import valid_sender
from rollcall.mail.settings import MailSettings
from tests.web.conftest import admin, world

__all__ = ["admin", "world"]

FORGED = [
    "IT\r\nBcc: a@example.org <it@example.com>",
    "IT\nBcc: a@example.org <it@example.com>",
    "IT\x00 <it@example.com>",
    "IT\x1b[2J <it@example.com>",
    "IT\u2028 <it@example.com>",
    "gnp.TI\u202e <it@example.com>",
    "it@example.com\r\n",
]


@pytest.mark.parametrize("sender", FORGED)
def test_control_characters_are_refused(sender: str) -> None:
    with pytest.raises(ValueError, match="no sender"):
        valid_sender(sender)
    with pytest.raises(ConfigurationError, match="ROLLCALL_MAIL_FROM"):
        MailSettings.of({"ROLLCALL_MAIL_FROM": sender})


@pytest.mark.parametrize("sender", ["", "IT", "a@b", "x@y.example, z@y.example", "IT <it@>"])
def test_what_is_no_address_is_refused(sender: str) -> None:
    with pytest.raises(ValueError, match="no sender"):
        valid_sender(sender)


@pytest.mark.parametrize(
    "sender",
    [
        "it@example.com",
        "IT <it@example.com>",
        "Rollcall <rollcall@localhost>",
        "Bücher & Co <it@example.com>",
        '"IT, Berlin" <it@example.com>',
    ],
)
def test_a_name_and_an_address_are_taken(sender: str) -> None:
    assert valid_sender(sender) == sender
    message = EmailMultiAlternatives("x", "y", sender, ["a@example.com"]).message()
    assert "it@example.com" in str(message["From"]) or "localhost" in str(message["From"])


@pytest.mark.django_db
@pytest.mark.parametrize("sender", FORGED[:3])
def test_the_form_refuses_it_too(admin: Client, sender: str) -> None:
    answer = admin.post("/settings/notifications/", {"live_threshold": "100", "sender": sender})
    assert answer.status_code in (200, 400)
    assert Notifications.the().sender == ""


@pytest.mark.django_db
def test_a_sender_that_is_stored_already_breaks_no_page(client: Client, admin: Client) -> None:
    Notifications.objects.create(sender=FORGED[1])
    email = "manager@example.com"
    answer = Client().post("/account/password/forgotten/", {"email": email})
    assert answer["Location"] == "/account/password/forgotten/sent/"
    invited = {"email": "new@example.com", "role": "read_only"}
    assert admin.post("/settings/administrators/", invited).status_code == 302
    assert not OutgoingMessage.objects.exists()


@pytest.mark.django_db
def test_a_subject_loses_its_control_characters() -> None:
    message = EmailMultiAlternatives("One\r\nBcc: x\x1b\x07", "y", "a@b.example", ["c@d.example"])
    outbox.post(message, purpose="test")
    assert message.subject == "One Bcc: x"
