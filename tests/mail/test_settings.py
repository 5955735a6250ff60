"""`ROLLCALL_SMTP_URL` names the mail server; without it, e-mails are files."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollcall.core.configuration import ConfigurationError
from rollcall.mail.smtp import settings_for


def test_without_a_server_emails_are_files_in_the_data_folder() -> None:
    found = settings_for("", Path("/data"))
    assert found["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert found["EMAIL_FILE_PATH"] == "/data/mail"


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.com", 25, False, False),
        ("smtp+starttls://mail.example.com", 587, True, False),
        ("smtps://mail.example.com", 465, False, True),
        ("smtp://mail.example.com:2525", 2525, False, False),
    ],
)
def test_the_scheme_says_how_it_is_encrypted(url: str, port: int, tls: bool, ssl: bool) -> None:
    found = settings_for(url, Path("/data"))
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example.com", port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)


def test_user_and_password_may_hold_any_character() -> None:
    found = settings_for("smtps://it%40example.com:p%2Fw%3A@mail.example.com", Path("/data"))
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("it@example.com", "p/w:")


@pytest.mark.parametrize("url", ["mail.example.com", "http://mail.example.com", "smtp://"])
def test_another_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigurationError, match="ROLLCALL_SMTP_URL must look like"):
        settings_for(url, Path("/data"))
