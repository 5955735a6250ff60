"""What the terminal says where something is missing, taken, empty or mistyped."""

from __future__ import annotations

import socket

import pytest

from tests.terminal import Terminal


@pytest.mark.parametrize("command", ["plan", "import"])
def test_an_attribute_that_no_import_carries_cannot_be_left_out(
    terminal: Terminal, personio: dict[str, str], command: str
) -> None:
    done = terminal.with_settings(**personio).run(command, "--without", "cost_centres")
    assert done.returncode == 2
    assert "'cost_centres'" in done.stderr
    assert "cost_centers, department" in done.stderr
    assert terminal.users() == []


def test_wrong_credentials_are_not_told_as_an_empty_company(
    terminal: Terminal, personio: dict[str, str]
) -> None:
    done = terminal.with_settings(**{**personio, "PERSONIO_CLIENT_SECRET": "wrong"}).run("plan")
    assert done.returncode == 3
    assert "employees:" not in done.stdout


def test_a_search_that_finds_nobody_does_not_tell_to_import(imported: Terminal) -> None:
    for words in (("--search", "nobody-of-this-name"), ("--state", "suspended", "--search", "zzz")):
        done = imported.run("users", *words)
        assert done.returncode == 0
        assert "No user matches" in done.stdout
        assert "rollcall import" not in done.stdout


def test_an_empty_directory_tells_to_import(terminal: Terminal) -> None:
    assert "`rollcall import` brings them in" in terminal.run("users").stdout


def test_an_import_that_needs_no_attention_says_so(imported: Terminal) -> None:
    done = imported.run("runs", "show", "1", "--attention")
    assert "Nobody of this import needs attention." in done.stdout


def test_users_are_shown_with_the_words_of_the_portal(imported: Terminal) -> None:
    shown = imported.run("users", "--limit", "1").stdout
    for title in ("Username", "First name", "State", "Job title", "Manager", "Company", "Location"):
        assert title in shown
    assert "Staged" in shown or "Active" in shown
    assert "STAGED" not in shown
    assert "ACTIVATED" not in shown
    assert "Subcompany" not in shown


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("127.0.0.1", "taken", "is taken by another program; --port takes another"),
        ("203.0.113.9", "0", "this machine cannot listen on 203.0.113.9"),
    ],
)
def test_a_server_that_cannot_listen_says_why_and_ends_with_status_2(
    terminal: Terminal, host: str, port: str, said: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = str(other.getsockname()[1]) if port == "taken" else port
        done = terminal.run("serve", "--host", host, "--port", number)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_key_that_is_not_there_is_revoked_with_status_2(terminal: Terminal) -> None:
    done = terminal.run("keys", "revoke", "nobody's")
    assert done.returncode == 2
    assert "`rollcall keys list` shows them" in done.stderr
    assert "No key works yet" in terminal.run("keys", "list").stderr


def test_the_doctor_says_that_no_mail_server_is_set(imported: Terminal) -> None:
    done = imported.run("doctor")
    assert done.returncode == 0, done.stdout
    assert "! E-mails: no mail server is set: nobody gets an e-mail" in done.stdout
    set_ = imported.with_settings(ROLLCALL_SMTP_URL="smtp://mail.example.org").run("doctor")
    assert "✓ E-mails: mail.example.org, port 25" in set_.stdout
