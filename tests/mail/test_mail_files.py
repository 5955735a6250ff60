"""E-mails that are files, where no mail server is set: those to an erased person are deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.mail import EmailMessage, get_connection

from rollcall.mail import mail_files


def write(folder: Path, *recipients: str) -> None:
    """A file with an e-mail to each of them."""
    backend = "django.core.mail.backends.filebased.EmailBackend"
    connection: Any = get_connection(backend, file_path=str(folder))
    # Django names them by the second
    connection._fname = str(folder / f"{len(list(folder.iterdir()))}.log")
    messages = [EmailMessage("Hello", "Text", "it@example.com", [to]) for to in recipients]
    connection.send_messages(messages)
    connection.close()


def test_only_files_with_an_e_mail_to_the_person_are_deleted(tmp_path: Path, settings: Any) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path)
    write(tmp_path, "charles@example.com", "Ada <Ada@Example.com>")
    write(tmp_path, "charles@example.com")
    assert mail_files.erase({"ada@example.com"}) == 1
    (left,) = tmp_path.iterdir()
    assert b"To: charles@example.com" in left.read_bytes()
    assert mail_files.erase({"ada@example.com"}) == 0


def test_without_a_folder_there_is_nothing_to_delete(tmp_path: Path, settings: Any) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path / "none")
    assert mail_files.erase({"ada@example.com"}) == 0
