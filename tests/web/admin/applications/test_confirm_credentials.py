"""Confirm Credentials: checked before anything else, told apart in words, kept only on request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from rollcall.audit.models import Event
from rollcall.directory.models import Application
from rollcall.imports import schedule, source_accounts
from rollcall.imports.models import Connection, Run
from rollcall.sources import registry
from rollcall.sources.personio.account import Account
from rollcall.web.admin.applications.forms.credentials import CredentialsForm
from tests.sources.toy import KIND
from tests.terminal import sandbox
from tests.web.world import World, just_proved

pytestmark = pytest.mark.django_db

BACKEND = "rollcall.accounts.backend.AccountBackend"
WRONG = "papi-this-is-not-the-secret"


@pytest.fixture(scope="module")
def personio() -> Iterator[dict[str, str]]:
    """A company of twelve."""
    with sandbox("--people", "12") as found:
        yield found


@pytest.fixture(scope="module")
def closed_personio() -> Iterator[dict[str, str]]:
    """One whose credential lacks the right to read employees."""
    with sandbox("--people", "12", "--scope", "absences") as found:
        yield found


def form(personio: dict[str, str], **more: Any) -> dict[str, Any]:
    """The form as it is filled in."""
    return {
        "client_id": personio["PERSONIO_CLIENT_ID"],
        "client_secret": personio["PERSONIO_CLIENT_SECRET"],
        "personio_url": personio["PERSONIO_URL"],
        "api_version": "v1",
        "directory": "builtin",
        **more,
    }


def address(world: World) -> str:
    """The page of the world's application."""
    return f"/applications/{world.application.pk}/manual-import/"


def shown_after(client: Client, world: World, filled: dict[str, Any]) -> str:
    """The page that the form leads to, where no run was started."""
    before = Run.objects.count()
    answer = client.post(address(world), filled)
    assert (answer.status_code, Run.objects.count()) == (200, before)
    return answer.content.decode()


def test_right_credentials_start_a_run_that_stops_for_review(
    admin: Client, world: World, personio: dict[str, str]
) -> None:
    answer = admin.post(
        address(world), form(personio, max_suspensions="7", min_read="80", without=["office"])
    )
    assert answer["Location"] == "/imports/2/"
    run = Run.objects.get(number=2)
    assert (run.review, run.trigger, run.state) == (True, "portal", "fetching")
    assert run.options["max_suspensions"] == 7
    assert run.options["min_read_share"] == 0.8
    assert run.options["without"] == ["office"]
    assert run.notify_email == world.people["administrator"].email
    assert run.portal_url == "http://testserver"
    assert Connection.objects.get(application=world.application).sealed_credentials is None
    assert "Waiting for a worker" in admin.get("/imports/2/").content.decode()


def test_a_wrong_secret_is_said_and_what_was_typed_stays_but_the_secret(
    admin: Client, world: World, personio: dict[str, str]
) -> None:
    shown = shown_after(admin, world, form(personio, client_secret=WRONG))
    assert "Wrong credentials" in shown
    assert personio["PERSONIO_CLIENT_ID"] in shown
    assert personio["PERSONIO_URL"] in shown
    assert WRONG not in shown


def test_credentials_that_may_not_read_employees_are_told_from_wrong_ones(
    admin: Client, world: World, closed_personio: dict[str, str]
) -> None:
    shown = shown_after(admin, world, form(closed_personio))
    assert "No access" in shown
    assert "they may not read" in shown


def test_an_address_where_nobody_answers_is_told_from_both(
    admin: Client, world: World, personio: dict[str, str]
) -> None:
    shown = shown_after(admin, world, form(personio, personio_url="http://127.0.0.1:9"))
    assert "Personio is unreachable" in shown


def test_an_address_that_is_none_is_refused_before_anything_is_sent(
    admin: Client, world: World, personio: dict[str, str]
) -> None:
    shown = shown_after(admin, world, form(personio, personio_url="ftp://x"))
    assert "Write the address alone" in shown
    assert '<details class="advanced" open>' in shown


@pytest.mark.parametrize(
    "address", ["https://10.0.0.1", "http://127.0.0.2:22", "http://169.254.169.254/latest"]
)
def test_an_address_that_is_not_on_the_operators_list_is_refused_before_anything_is_sent(
    admin: Client, world: World, personio: dict[str, str], address: str
) -> None:
    shown = shown_after(admin, world, form(personio, personio_url=address))
    assert "Imports may not reach this address" in shown
    assert '<details class="advanced" open>' in shown


def test_whoever_writes_where_people_open_personio_is_told_the_address_of_its_api(
    admin: Client, world: World, personio: dict[str, str]
) -> None:
    typed = form(personio, personio_url="https://mycompany.personio.de")
    assert "Usually it is https://api.personio.de;" in shown_after(admin, world, typed)


def test_credentials_are_kept_sealed_used_replaced_and_removed(
    admin: Client, world: World, personio: dict[str, str]
) -> None:
    admin.post(address(world), form(personio, keep="on"))
    connection = Connection.objects.get(application=world.application)
    sealed = bytes(connection.sealed_credentials or b"")
    assert personio["PERSONIO_CLIENT_SECRET"].encode() not in sealed
    account = source_accounts.unseal_account(sealed)
    assert isinstance(account, Account)
    assert account.client_id == personio["PERSONIO_CLIENT_ID"]
    Run.objects.filter(number=2).update(state="cancelled")
    page = admin.get(address(world)).content.decode()
    assert "Continue with them" in page
    assert personio["PERSONIO_CLIENT_ID"] not in page
    assert personio["PERSONIO_CLIENT_SECRET"] not in page
    used = admin.post(
        address(world), {"use_kept": "yes", "api_version": "v1", "directory": "builtin"}
    )
    assert used["Location"] == "/imports/3/"
    remove = f"/applications/{world.application.pk}/credentials/"
    assert (
        "stop until credentials are kept again"
        in admin.post(remove, {"action": "remove"}).content.decode()
    )
    admin.post(remove, {"action": "remove", "confirmed": "yes"})
    connection.refresh_from_db()
    assert connection.sealed_credentials is None
    actions = set(Event.objects.values_list("action", flat=True))
    assert {"credentials.keep", "credentials.remove", "import.start"} <= actions
    trail = str(list(Event.objects.values()))
    assert personio["PERSONIO_CLIENT_SECRET"] not in trail
    assert personio["PERSONIO_CLIENT_ID"] not in trail


def test_kept_credentials_are_never_sent_to_another_address(
    admin: Client, world: World, personio: dict[str, str]
) -> None:
    admin.post(address(world), form(personio, keep="on"))
    Run.objects.filter(number=2).update(state="cancelled")
    elsewhere = {
        "use_kept": "yes",
        "personio_url": "http://127.0.0.1:9",
        "api_version": "v1",
        "directory": "builtin",
    }
    assert admin.post(address(world), elsewhere)["Location"] == "/imports/3/"
    assert (
        source_accounts.unseal_account(Run.objects.get(number=3).sealed_credentials).address
        == (personio["PERSONIO_URL"])
    )


def test_a_manager_imports_and_keeps_nothing(
    client: Client, world: World, personio: dict[str, str]
) -> None:
    backend = "rollcall.accounts.backend.AccountBackend"
    client.force_login(world.people["manager"], backend=backend)
    assert "Keep for scheduled imports" not in client.get(address(world)).content.decode()
    client.post(address(world), form(personio, keep="on"))
    assert Run.objects.filter(number=2).exists()
    assert Connection.objects.get(application=world.application).sealed_credentials is None


def test_credentials_are_kept_only_after_the_password_and_imports_need_none(
    admin: Client, world: World, personio: dict[str, str]
) -> None:
    just_proved(admin, world.people["administrator"], ago=360)
    asked = admin.post(address(world), form(personio, keep="on"))
    assert asked["Location"].startswith("/account/confirm/")
    assert Connection.objects.get(application=world.application).sealed_credentials is None
    assert admin.post(address(world), form(personio))["Location"] == "/imports/2/"


KEPT = {"max_suspensions": "3", "min_read": "90", "directory": "builtin"}
LOOSE = {"max_suspensions": "5000", "min_read": "0", "max_emptied": "5000", "without": ["office"]}


@pytest.mark.parametrize("role", ["manager", "administrator"])
@pytest.mark.parametrize("by_kept", [True, False])
def test_what_an_import_is_started_with_changes_nothing_for_the_schedule(
    client: Client, world: World, personio: dict[str, str], role: str, by_kept: bool
) -> None:
    client.force_login(world.people["administrator"], backend=BACKEND)
    just_proved(client, world.people["administrator"])
    client.post(address(world), form(personio, keep="on", **KEPT))
    Run.objects.filter(number=2).update(state="cancelled")
    before = Connection.objects.filter(application=world.application).values().get()
    assert before["options"]["max_suspensions"] == 3
    client.force_login(world.people[role], backend=BACKEND)
    elsewhere = personio["PERSONIO_URL"].replace("127.0.0.1", "localhost")
    chosen = form(personio, **LOOSE) | ({"use_kept": "yes"} if by_kept else {})
    client.post(address(world), {**chosen, "personio_url": elsewhere, "api_version": "v2"})
    run = Run.objects.get(number=3)
    assert run.options["max_suspensions"] == 5000
    assert run.options["without"] == ["office"]
    assert run.address == (personio["PERSONIO_URL"] if by_kept else elsewhere)
    assert Connection.objects.filter(application=world.application).values().get() == before
    request = schedule._request(Connection.objects.get(application=world.application))
    assert request.options.max_suspensions == 3
    assert request.account.address == personio["PERSONIO_URL"]


def test_a_managers_choices_are_nobody_elses_defaults(
    client: Client, world: World, personio: dict[str, str]
) -> None:
    Connection.objects.filter(application=world.application).update(settings={}, options={})
    client.force_login(world.people["manager"], backend=BACKEND)
    client.post(address(world), form(personio, **LOOSE))
    assert Run.objects.get(number=2).options["max_suspensions"] == 5000
    stored = Connection.objects.get(application=world.application)
    assert (stored.settings, stored.options) == ({}, {})


def test_a_run_keeps_the_account_that_it_was_started_with(
    admin: Client, world: World, personio: dict[str, str]
) -> None:
    admin.post(address(world), form(personio))
    run = Run.objects.get(number=2)
    key = run.account_key
    Connection.objects.filter(application=world.application).update(key="personio:another")
    Run.objects.filter(pk=run.pk).update(state="review")
    run.refresh_from_db()
    assert run.account_key == key == "personio:" + personio["PERSONIO_URL"].partition(":")[2]


def test_an_import_at_work_is_named_with_its_link(
    admin: Client, world: World, personio: dict[str, str]
) -> None:
    Run.objects.filter(pk=world.run.pk).update(state="applying")
    shown = shown_after(admin, world, form(personio))
    assert "Two imports of one application never overlap." in shown
    assert 'href="/imports/1/"' in shown


def test_a_second_application_of_the_same_account_is_refused_until_it_has_a_name(
    admin: Client, world: World, personio: dict[str, str]
) -> None:
    admin.post(address(world), form(personio))
    other = Application.objects.create(name="personio", displayLabel="Subsidiary", active=True)
    page = f"/applications/{other.pk}/manual-import/"
    before = Run.objects.count()
    shown = admin.post(page, form(personio, client_id="papi-of-the-subsidiary")).content.decode()
    assert "Personio imports its employees under this name already" in shown
    assert "papi-of-the-subsidiary" in shown
    assert Run.objects.count() == before
    answer = admin.post(page, form(personio, account_name="subsidiary"))
    assert answer["Location"] == f"/imports/{before + 1}/"
    keys = Connection.objects.filter(application__isnull=False).values_list("key", flat=True)
    assert len(set(keys)) == len(keys) == 2


def test_a_rotated_credential_is_the_same_account(
    admin: Client, world: World, personio: dict[str, str]
) -> None:
    Connection.objects.filter(application=world.application).update(key="personio")
    answer = admin.post(address(world), form(personio))
    assert answer.status_code == 302


def test_the_form_asks_for_what_the_kind_of_source_asks_for(admin: Client, world: World) -> None:
    registry.register(KIND)
    try:
        shown = CredentialsForm(kind=KIND, connection=None, may_keep=True)
        assert [field.name for field in shown.credentials] == ["club", "password"]
        assert "keep" not in shown.fields  # nobody can read it again by themselves
        filled = {"club": "chess", "password": "open sesame", "directory": "builtin"}
        made = CredentialsForm(filled, kind=KIND, connection=None, may_keep=True)
        assert made.is_valid(), made.errors
        assert made.account().key == "toy:chess"
    finally:
        registry.unregister(KIND.key)


def test_what_the_form_does_not_show_stays_as_it_was(
    admin: Client, world: World, personio: dict[str, str]
) -> None:
    extra = [["dynamic_612345", "attributes.tshirt"]]
    connections = Connection.objects.filter(application=world.application)
    connections.update(options={"extra_mapping": extra, "default_state": "ACTIVATED"})
    admin.post(address(world), form(personio, keep="on"))
    stored = connections.get().options
    assert stored["extra_mapping"] == extra
    assert stored["default_state"] == "ACTIVATED"
    assert Run.objects.get(number=2).options["extra_mapping"] == extra
