"""`rollcall applications`: set up for single sign-on, listed, bound to user groups."""

from __future__ import annotations

import pytest

from tests.terminal import Terminal

CALLBACK = "https://app.example.com/callback"
LOGIN = "https://app.example.com/login"
CREATE = ("applications", "create", "oidc", "--label", "Wiki", "--redirect-uri", CALLBACK)


@pytest.fixture
def reached(terminal: Terminal) -> Terminal:
    """A terminal whose installation knows where it is reached."""
    return terminal.with_settings(ROLLCALL_BASE_URL="https://rollcall.example.com")


def test_an_application_is_set_up_and_found(reached: Terminal) -> None:
    made = reached.json(*CREATE, "--login-uri", LOGIN)
    assert made.keys() == {"id", "client_id", "client_secret", "issuer"}
    assert made["issuer"] == "https://rollcall.example.com"
    assert len(made["client_secret"]) > 40
    [listed] = reached.json("applications", "list")
    assert (listed["id"], listed["client_id"]) == (made["id"], made["client_id"])
    assert listed["login_uri"] == LOGIN
    assert (listed["sso"], listed["active"], listed["groups"]) == ("oidc", True, [])
    assert "client_secret" not in listed


def test_a_public_one_has_no_secret(reached: Terminal) -> None:
    assert reached.json(*CREATE, "--public")["client_secret"] is None


def test_without_a_base_address_it_says_what_to_set(terminal: Terminal) -> None:
    done = terminal.run(*CREATE, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "ROLLCALL_BASE_URL" in done.stderr


def test_an_address_that_cannot_be_taken_is_named(reached: Terminal) -> None:
    done = reached.run(*CREATE[:-1], "http://app.example.com/callback")
    assert done.returncode == 2
    assert "https://" in done.stderr
    assert reached.json("applications", "list") == []


def test_what_does_not_exist_cannot_be_bound(reached: Terminal) -> None:
    assert reached.run("applications", "bind", "Wiki", "--group", "x").returncode == 2
    reached.json(*CREATE)
    done = reached.run("applications", "bind", "Wiki", "--group", "nobody")
    assert (done.returncode, "no user group" in done.stderr) == (2, True)


def test_a_new_key_signs_from_tomorrow_on(reached: Terminal) -> None:
    done = reached.run("secrets", "rotate-signing-key")
    assert done.returncode == 0, done.stderr
    assert "signs from" in done.stdout


SAML = (
    *("applications", "create", "saml", "--label", "Files", "--path", "files"),
    *("--sp-entity-id", "https://files.example.com", "--acs-url", "https://files.example.com/acs"),
)


def test_an_application_of_saml_is_set_up_and_found(reached: Terminal) -> None:
    made = reached.json(*SAML, "--groups", "memberOf", "--attribute", "mail=email")
    assert made == {
        "id": made["id"],
        "metadata_url": "https://rollcall.example.com/saml2/files/metadata",
        "sso_url": "https://rollcall.example.com/saml2/files",
    }
    [listed] = reached.json("applications", "list")
    assert (listed["id"], listed["sso"], listed["client_id"]) == (made["id"], "saml", None)
    again = reached.run(*SAML)
    assert (again.returncode, "files" in again.stderr) == (2, True)
