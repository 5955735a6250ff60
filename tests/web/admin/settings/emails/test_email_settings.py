"""Settings → E-mails: texts with a preview, colour, logo, and the welcome e-mail."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rollcall.accounts import mail_texts
from rollcall.accounts.letters import Kind, Text
from rollcall.accounts.models import EmailLook, EmailText

pytestmark = pytest.mark.django_db
HERE = "/settings/emails/"
TEXT = f"{HERE}activation/en/"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def test_a_text_is_saved_and_taken_back(admin: Client) -> None:
    typed = {"subject": "Come in", "body": "Dear {first_name}:\r\n\r\n{link}"}
    assert admin.post(TEXT, typed)["Location"] == TEXT
    kept = mail_texts.text_of(Kind.ACTIVATION, "en")
    assert kept == Text("Come in", "Dear {first_name}:\n\n{link}")
    assert "own words" in admin.get(HERE).content.decode()
    admin.post(TEXT, {"action": "default"})
    assert not EmailText.objects.exists()


def test_the_preview_shows_what_is_typed_and_keeps_nothing(admin: Client) -> None:
    typed = {"subject": "For {organization}", "body": "<b>{first_name}</b> {link}"}
    answer = admin.post(TEXT, {**typed, "action": "preview"})
    page = answer.content.decode()
    assert "For Rollcall" in page
    assert "&lt;b&gt;Alex&lt;/b&gt; https://rollcall.example/" in page
    assert "&amp;lt;b&amp;gt;Alex" in page  # once for the frame, once for the e-mail
    assert "'unsafe-inline'" in answer["Content-Security-Policy"]
    assert "script-src 'self';" in answer["Content-Security-Policy"]
    assert not EmailText.objects.exists()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Hello {frist_name} {link}", "{frist_name}"),
        ("Hello", "The text needs {link}"),
        ("{link}" + "x" * 5000, "5000"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_name(admin: Client, body: str, said: str) -> None:
    answer = admin.post(TEXT, {"subject": "Come in", "body": body})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not EmailText.objects.exists()


@pytest.mark.parametrize("where", ["nothing/en/", "activation/fr/"])
def test_there_are_no_other_texts(admin: Client, where: str) -> None:
    assert admin.get(HERE + where).status_code == 404


def test_colour_logo_and_welcome_are_saved(admin: Client) -> None:
    picture = SimpleUploadedFile("logo.png", PNG)
    admin.post(HERE, {"color": "#aa3300", "logo": picture, "welcomes": "on"})
    look = EmailLook.the()
    assert (look.color, look.welcomes) == ("#aa3300", True)
    assert look.logo.startswith("data:image/png;base64,")
    admin.post(HERE, {"color": "#aa3300"})
    assert EmailLook.the().logo
    admin.post(HERE, {"color": "#aa3300", "no_logo": "on"})
    assert EmailLook.the().logo == ""


@pytest.mark.parametrize("color", ["red", "#12345", "#aa3300;x", "#aa3300\n"])
def test_a_colour_is_one(admin: Client, color: str) -> None:
    answer = admin.post(HERE, {"color": color})
    kept = EmailLook.the().color
    assert answer.status_code == 200 or kept == "#aa3300"
