"""Whether a mail server is set, for every page and command that speaks of e-mails."""

from __future__ import annotations

from typing import Final

from django.conf import settings

TO_FILES: Final = "django.core.mail.backends.filebased.EmailBackend"


def is_set() -> bool:
    """Whether e-mails leave this machine; else they are files in a folder of it."""
    return bool(settings.EMAIL_BACKEND != TO_FILES)


def line() -> str:
    """Where e-mails go, in one line for whoever runs Rollcall."""
    if is_set():
        return f"{settings.EMAIL_HOST}, port {settings.EMAIL_PORT}"
    folder = getattr(settings, "EMAIL_FILE_PATH", "")
    return (
        f"no mail server is set: nobody gets an e-mail, they are files in {folder}; "
        "ROLLCALL_SMTP_URL names a server"
    )
