"""Whatever is done or refused, through whichever door, leaves an event by whoever did it.

Each door is walked in a list of deeds; what a deed must leave behind stands beside it. A new verb
belongs into these lists: `test_no_action_is_forgotten` names those that no deed leaves.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.cache import cache
from django.test import Client

import rollcall
from rollcall.accounts import api_keys as keys
from rollcall.accounts.models import ApiKey, Role
from rollcall.api import budget
from rollcall.api.jumpcloud.v2 import bulk
from rollcall.audit.actions import Action
from rollcall.audit.models import Event
from rollcall.cli.operator import operator
from rollcall.directory.models import Application, Organization, User
from rollcall.imports import schedule
from rollcall.imports.models import Connection
from rollcall.mail import outbox
from tests.actors import TESTER
from tests.terminal import Terminal, sandbox
from tests.web import runs
from tests.web.world import PASSWORD, World, build, just_proved

pytestmark = pytest.mark.django_db
ADMINISTRATOR = "administrator@example.com"
YES = {"confirmed": "yes"}
NEW_PASSWORD = "seven grey geese at dawn"
SECRETS = (PASSWORD, NEW_PASSWORD, "a wrong password", "000000", "rck_not-a-key")


@dataclass(frozen=True)
class Deed:
    """Something that somebody does, and the events that it leaves."""

    leaves: set[Action]
    do: Callable[[Client, World], object]


@pytest.fixture
def world() -> World:
    cache.clear()
    return build()


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def administrator(world: World, client: Client) -> Client:
    client.force_login(world.people["administrator"])
    just_proved(client, world.people["administrator"])
    return client


def post(address: str, **form: Any) -> Callable[[Client, World], object]:
    """Send this form to an address, in which `{user}` and the like are the world's."""

    def do(client: Client, world: World) -> object:
        keys_of = {"user": world.user, "group": world.group, "application": world.application}
        known = {name: thing.pk for name, thing in keys_of.items()}
        known |= {f"{role}": person.pk for role, person in world.people.items()}
        filled = {
            name: value.format(**known) if isinstance(value, str) else value
            for name, value in form.items()
        }
        return client.post(address.format(**known), filled)

    return do


def export(address: str) -> Callable[[Client, World], object]:
    return lambda client, world: client.get(f"{address}?export=csv")


def in_review(page: str, **form: str) -> Callable[[Client, World], object]:
    return lambda client, world: client.post(
        f"/imports/{runs.in_review(world).number}/{page}", {**YES, **form}
    )


def state_of(state: str, action: str) -> Callable[[Client, World], object]:
    """Press this button for the user who is in that state."""
    return lambda client, world: client.post(
        "/users/", {**YES, "action": action, "chosen": User.objects.get(state=state).pk}
    )


def _tick(client: Client, world: World) -> object:
    run = runs.in_review(world)
    run.changes.filter(kind="update").update(asks="adopt")
    return client.post(f"/imports/{run.number}/", {"action": "tick-all"})


def _edit(client: Client, world: World) -> object:
    address = f"/users/{world.user.pk}/edit/"
    form = client.get(address).context["form"]
    return client.post(address, {**form.initial, "jobTitle": "Head of Buying"})


def _forgotten_password(client: Client, world: World) -> object:
    client.session.flush()
    client.post("/account/password/forgotten/", {"email": ADMINISTRATOR})
    outbox.send_due()
    link = re.search(r"http://testserver(/account/password/new/\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    return client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})


def _bind(client: Client, world: World) -> object:
    wiki = Application.objects.create(name="bookmark", displayLabel="Wiki", active=True)
    form = {**YES, "action": "bind", "application": wiki.pk}
    return client.post(f"/groups/{world.group.pk}/", form)


def _key(client: Client, world: World) -> object:
    client.post("/settings/api-keys/", {"name": "payroll"})
    form = {**YES, "action": "revoke", "key": ApiKey.objects.get().pk}
    return client.post("/settings/api-keys/", form)


PORTAL = {
    "a user is made": Deed(
        {Action.USER_CREATE},
        post("/users/new/", firstname="Ines", username="ines", email="ines@example.com"),
    ),
    "users are suspended": Deed(
        {Action.USER_SUSPEND}, post("/users/", action="suspend", chosen="{user}", **YES)
    ),
    "a staged user is activated": Deed({Action.USER_ACTIVATE}, state_of("STAGED", "activate")),
    "a suspended user is activated": Deed(
        {Action.USER_REACTIVATE}, state_of("SUSPENDED", "reactivate")
    ),
    "a user is changed": Deed({Action.USER_UPDATE}, _edit),
    "a user is deleted": Deed({Action.USER_DELETE}, post("/users/{user}/", action="delete", **YES)),
    "a group is made": Deed({Action.GROUP_CREATE}, post("/groups/new/", name="Sales")),
    "a group is renamed": Deed(
        {Action.GROUP_UPDATE}, post("/groups/{group}/edit/", name="Munich", description="")
    ),
    "a group is deleted": Deed(
        {Action.GROUP_DELETE}, post("/groups/{group}/", action="delete", **YES)
    ),
    "members go": Deed(
        {Action.USER_GROUP_REMOVE, Action.GROUP_MEMBER_REMOVE},
        post("/groups/{group}/", action="remove", chosen="{user}", **YES),
    ),
    "members come": Deed(
        {Action.USER_GROUP_ADD, Action.GROUP_MEMBER_ADD},
        post("/groups/{group}/add/", action="add", scope="all", query="q=jonas", **YES),
    ),
    "an application is bound": Deed({Action.APPLICATION_BIND}, _bind),
    "an application is unbound": Deed(
        {Action.APPLICATION_UNBIND},
        post("/groups/{group}/", action="unbind", application="{application}", **YES),
    ),
    "an application is made": Deed(
        {Action.APPLICATION_CREATE},
        post(
            "/applications/new/bookmark/",
            displayLabel="Wiki",
            ssoUrl="https://wiki.example.com/",
            color="#202d38",
        ),
    ),
    "an application is switched off": Deed(
        {Action.APPLICATION_UPDATE},
        post("/applications/{application}/", action="deactivate", confirmed="yes"),
    ),
    "an import is scheduled": Deed(
        {Action.SCHEDULE_CHANGE},
        post("/applications/{application}/schedule/", schedule="daily", schedule_at="05:30"),
    ),
    "changes are chosen": Deed({Action.IMPORT_CHOOSE}, in_review("", action="everyone")),
    "users are ticked": Deed({Action.IMPORT_TICK}, lambda client, world: _tick(client, world)),
    "a preview is approved": Deed({Action.IMPORT_APPROVE}, in_review("import/")),
    "an import is cancelled": Deed({Action.IMPORT_CANCEL}, in_review("cancel/")),
    "the failed are retried": Deed({Action.IMPORT_RETRY}, post("/imports/1/retry/")),
    "the list of users is exported": Deed({Action.DATA_EXPORT}, export("/users/")),
    "the list of imports is exported": Deed({Action.DATA_EXPORT}, export("/imports/")),
    "an import is exported": Deed({Action.DATA_EXPORT}, export("/imports/1/")),
    "the list of groups is exported": Deed({Action.DATA_EXPORT}, export("/groups/")),
    "the audit log is exported": Deed({Action.DATA_EXPORT}, export("/insights/directory/")),
    "a key is made and revoked": Deed({Action.KEY_CREATE, Action.KEY_REVOKE}, _key),
    "default states are set": Deed(
        {Action.ORGANIZATION_UPDATE},
        post(
            "/settings/user-management/",
            manualEntry="STAGED",
            csvImport="STAGED",
            applicationImport="ACTIVATED",
        ),
    ),
    "notifications are set": Deed(
        {Action.SETTINGS_NOTIFICATIONS_SAVE},
        post("/settings/notifications/", live_threshold="20", sender=""),
    ),
    "events are to be kept for less time": Deed(
        {Action.SETTINGS_EVENTS_SAVE},
        post("/settings/events/", sign_ins_days="30", others_days="", destination="", url=""),
    ),
    "somebody is invited": Deed(
        {Action.ADMINISTRATOR_CREATE},
        post("/settings/administrators/", email="mara@example.com", role="manager"),
    ),
    "a role is changed": Deed(
        {Action.ADMINISTRATOR_CHANGE},
        post("/settings/administrators/{manager}/", role="read_only", is_active="on"),
    ),
    "a link is made": Deed(
        {Action.ADMINISTRATOR_LINK}, post("/settings/administrators/{manager}/", action="link")
    ),
    "a language is chosen": Deed(
        {Action.ACCOUNT_LANGUAGE_CHANGE}, post("/profile/look/", language="de")
    ),
    "a password is changed": Deed(
        {Action.ACCOUNT_PASSWORD_CHANGE},
        post(
            "/account/password/change/",
            oldpassword=PASSWORD,
            password1=NEW_PASSWORD,
            password2=NEW_PASSWORD,
        ),
    ),
    "a forgotten password is replaced": Deed({Action.ACCOUNT_PASSWORD_RESET}, _forgotten_password),
    "somebody signs out": Deed({Action.ACCOUNT_SIGN_OUT}, post("/account/sign-out/")),
}


@pytest.mark.parametrize("name", PORTAL)
def test_the_portal_records(administrator: Client, world: World, name: str) -> None:
    deed = PORTAL[name]
    last = Event.objects.latest("pk").pk
    deed.do(administrator, world)
    left = Event.objects.filter(pk__gt=last)
    assert {event.action for event in left} == deed.leaves
    assert {(event.actor_name, event.door) for event in left} == {(ADMINISTRATOR, "portal")}
    assert {(event.client_ip, event.success) for event in left} == {("127.0.0.1", True)}


def _wrong_password(client: Client, world: World) -> object:
    client.logout()
    form = {"login": ADMINISTRATOR, "password": "a wrong password"}
    return client.post("/account/sign-in/", form)


def _wrong_password_again_and_again(client: Client, world: World) -> object:
    return [_wrong_password(client, world) for _ in range(6)]


def _wrong_factor(client: Client, world: World) -> object:
    client.logout()
    TOTP.activate(world.people["administrator"], "JBSWY3DPEHPK3PXP")
    client.post("/account/sign-in/", {"login": ADMINISTRATOR, "password": PASSWORD})
    assert Authenticator.objects.exists()
    return client.post("/account/two-factor/authenticate/", {"code": "000000"})


def _too_low_a_role(client: Client, world: World) -> object:
    client.force_login(world.people["read_only"])
    return client.get("/settings/administrators/")


def _wrong_password_when_asked_again(client: Client, world: World) -> object:
    return client.post("/account/confirm/", {"password": "a wrong password"})


def _wrong_factor_when_asked_again(client: Client, world: World) -> object:
    TOTP.activate(world.people["administrator"], "JBSWY3DPEHPK3PXP")
    return client.post("/account/two-factor/reauthenticate/", {"code": "000000"})


def _form_of_another_site(client: Client, world: World) -> object:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.people["administrator"])
    return strict.post("/users/", {"action": "suspend"})


def _unknown_email(client: Client, world: World) -> object:
    client.logout()
    form = {"login": "nobody@example.com", "password": "a wrong password"}
    return client.post("/account/sign-in/", form)


REFUSED = {
    "a wrong password when asked again": Deed(
        {Action.ACCOUNT_SIGN_IN_FAILED}, _wrong_password_when_asked_again
    ),
    "a wrong second factor when asked again": Deed(
        {Action.ACCOUNT_SECOND_FACTOR_FAILED}, _wrong_factor_when_asked_again
    ),
    "a form of another site": Deed({Action.ACCESS_REFUSED}, _form_of_another_site),
    "an e-mail that nobody has": Deed({Action.ACCOUNT_SIGN_IN_FAILED}, _unknown_email),
    "a one-time link that has ended": Deed(
        {Action.ACCESS_REFUSED}, lambda client, world: client.get("/set-password/no-such-token/")
    ),
    "a wrong password": Deed({Action.ACCOUNT_SIGN_IN_FAILED}, _wrong_password),
    "a lock-out": Deed(
        {Action.ACCOUNT_SIGN_IN_FAILED, Action.ACCOUNT_LOCKED_OUT}, _wrong_password_again_and_again
    ),
    "a wrong second factor": Deed({Action.ACCOUNT_SECOND_FACTOR_FAILED}, _wrong_factor),
    "too low a role": Deed({Action.ACCESS_REFUSED}, _too_low_a_role),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_portal_records_what_it_refuses(administrator: Client, world: World, name: str) -> None:
    deed = REFUSED[name]
    last = Event.objects.latest("pk").pk
    deed.do(administrator, world)
    refused = Event.objects.filter(pk__gt=last, success=False)
    assert {event.action for event in refused} == deed.leaves
    assert all(event.reason and event.client_ip == "127.0.0.1" for event in refused)
    trail = str(list(Event.objects.values()))
    assert [secret for secret in SECRETS if secret in trail] == []


def test_signing_in_is_recorded(client: Client, world: World) -> None:
    client.post("/account/sign-in/", {"login": ADMINISTRATOR, "password": PASSWORD})
    event = Event.objects.latest("pk")
    assert (event.action, event.event_type) == (Action.ACCOUNT_SIGN_IN, "admin_login_attempt")
    assert (event.actor_name, event.success) == (ADMINISTRATOR, True)


def test_second_factors_are_recorded(
    administrator: Client, world: World, django_capture_on_commit_callbacks: Any
) -> None:
    administrator.post("/account/confirm/", {"password": PASSWORD})
    last = Event.objects.latest("pk").pk
    page = "/account/two-factor/totp/activate/"
    secret = administrator.get(page).context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    with django_capture_on_commit_callbacks(execute=True):
        administrator.post(page, {"code": code})
        administrator.post("/account/two-factor/recovery-codes/generate/")
        administrator.post("/account/two-factor/totp/deactivate/")
    left = Event.objects.filter(pk__gt=last)
    assert {event.action for event in left} == {
        Action.ACCOUNT_SECOND_FACTOR_ADD,
        Action.ACCOUNT_SECOND_FACTOR_RENEW,
        Action.ACCOUNT_SECOND_FACTOR_REMOVE,
    }
    assert {event.actor_name for event in left} == {ADMINISTRATOR}
    assert secret not in str(list(Event.objects.values()))


def test_a_password_set_by_a_link_is_recorded(administrator: Client, world: World) -> None:
    page = administrator.post(
        f"/settings/administrators/{world.people['manager'].pk}/", {"action": "link"}
    )
    link = re.search(r"http://testserver(/set-password/[^<]+)", page.content.decode())
    assert link
    Client().post(link[1], {"password": NEW_PASSWORD, "repeated": NEW_PASSWORD})
    event = Event.objects.latest("pk")
    assert (event.action, event.actor_name) == (
        Action.ACCOUNT_PASSWORD_SET,
        "manager@example.com",
    )


def test_who_is_refused_again_and_again_fills_no_log(client: Client, world: World) -> None:
    client.force_login(world.people["read_only"])
    for _ in range(5):
        client.get("/settings/administrators/")
    assert Event.objects.filter(action=Action.ACCESS_REFUSED).count() == 1
    for number in range(100):
        call(f"rck_not-a-key-{number}", "GET", "/api/systemusers")
    assert Event.objects.filter(action=Action.KEY_REFUSED).count() == 1


def call(key: str, method: str, address: str, body: object = None) -> int:
    """Call the API; the status of its answer."""
    answer = Client(headers={"x-api-key": key}).generic(
        method, address, json.dumps(body) if body else "", content_type="application/json"
    )
    return answer.status_code


WIKI = {
    "name": "bookmark",
    "displayLabel": "Wiki",
    "config": {},
    "ssoUrl": "https://wiki.example.com/",
}
API: dict[str, tuple[set[Action], str, str, object]] = {
    "a user is made": (
        {Action.USER_CREATE},
        "POST",
        "/api/systemusers",
        {"username": "ines", "email": "ines@example.com"},
    ),
    "a user is changed": (
        {Action.USER_UPDATE},
        "PUT",
        "/api/systemusers/{user}",
        {"jobTitle": "Head of Buying"},
    ),
    "a user is deleted": ({Action.USER_DELETE}, "DELETE", "/api/systemusers/{user}", None),
    "a group is made": ({Action.GROUP_CREATE}, "POST", "/api/v2/usergroups", {"name": "Sales"}),
    "a group is changed": (
        {Action.GROUP_UPDATE},
        "PUT",
        "/api/v2/usergroups/{group}",
        {"name": "Munich"},
    ),
    "a group is deleted": ({Action.GROUP_DELETE}, "DELETE", "/api/v2/usergroups/{group}", None),
    "a member goes": (
        {Action.GROUP_MEMBER_REMOVE, Action.USER_GROUP_REMOVE},
        "POST",
        "/api/v2/usergroups/{group}/members",
        {"op": "remove", "type": "user", "id": "{user}"},
    ),
    "an application is made": (
        {Action.APPLICATION_CREATE},
        "POST",
        "/api/applications",
        WIKI,
    ),
    "an application is changed": (
        {Action.APPLICATION_UPDATE},
        "PUT",
        "/api/applications/{application}",
        {**WIKI, "displayLabel": "Other"},
    ),
    "an application is deleted": (
        {Action.APPLICATION_DELETE},
        "DELETE",
        "/api/applications/{application}",
        None,
    ),
    "a user is unlinked": (
        {Action.USER_UNLINK},
        "DELETE",
        "/api/v2/users/{user}/identities",
        None,
    ),
    "a user is unlocked": (
        {Action.USER_UNLOCK},
        "POST",
        "/api/systemusers/{user}/unlock",
        None,
    ),
    "a password expires": (
        {Action.USER_EXPIRE},
        "POST",
        "/api/systemusers/{user}/expire",
        None,
    ),
    "the organization is changed": (
        {Action.ORGANIZATION_UPDATE},
        "PUT",
        "/api/organizations/{organization}",
        {"settings": {"name": "Other Company"}},
    ),
    "an access policy is made": (
        {Action.POLICY_CREATE},
        "POST",
        "/api/v2/authn/policies",
        {
            "name": "Out",
            "type": "user_portal",
            "targets": {"users": {"inclusions": ["{user}"]}},
            "effect": {"action": "deny"},
        },
    ),
    "an IP list is made": ({Action.IP_LIST_CREATE}, "POST", "/api/v2/iplists", {"name": "Office"}),
    "a user is made by an identity provider": (
        {Action.USER_CREATE},
        "POST",
        "/scim/v2/Users",
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "ines",
            "emails": [{"value": "ines@example.com", "primary": True}],
        },
    ),
    "a user is deleted by an identity provider": (
        {Action.USER_DELETE},
        "DELETE",
        "/scim/v2/Users/{user}",
        None,
    ),
    "a group is made by an identity provider": (
        {Action.GROUP_CREATE},
        "POST",
        "/scim/v2/Groups",
        {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Sales"},
    ),
}


def filled(text: str, world: World) -> str:
    """The text with the world's keys in it."""
    known = {
        "user": world.user.pk,
        "group": world.group.pk,
        "organization": Organization.the().pk,
        "application": Application.objects.get(name="bookmark").pk,
    }
    for name, key in known.items():
        text = text.replace(f"{{{name}}}", key)
    return text


@pytest.mark.parametrize("name", API)
def test_the_api_records(world: World, name: str) -> None:
    leaves, method, address, body = API[name]
    Application.objects.create(name="bookmark", displayLabel="Intranet", active=True)
    User.objects.update(account_locked=True)
    secret = keys.create(TESTER, "payroll")[1]
    last = Event.objects.latest("pk").pk
    status = call(
        secret, method, filled(address, world), json.loads(filled(json.dumps(body), world))
    )
    assert status < 300
    left = Event.objects.filter(pk__gt=last)
    door = "scim" if address.startswith("/scim/") else "api"
    assert {event.action for event in left} == {str(action) for action in leaves}
    assert {(event.actor_name, event.actor_type, event.door) for event in left} == {
        ("payroll", "api_key", door)
    }


@pytest.mark.parametrize("address", ["/api/systemusers", "/scim/v2/Users"])
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("wrong", "there is no such key"),
        ("revoked", "the key is revoked"),
        ("reading", "the key may only read"),
    ],
)
def test_the_api_records_what_it_refuses(
    world: World, address: str, kind: str, reason: str
) -> None:
    key, secret = keys.create(TESTER, "payroll", Role.READ_ONLY)
    if kind == "revoked":
        keys.revoke(TESTER, key)
    status = call("rck_not-a-key" if kind == "wrong" else secret, "POST", address, {"a": 1})
    assert status in (401, 403)
    event = Event.objects.latest("pk")
    assert (event.action, event.success, event.reason) == (Action.KEY_REFUSED, False, reason)
    assert event.target_name == ("" if kind == "wrong" else "payroll")
    assert event.door == ("scim" if address.startswith("/scim/") else "api")
    trail = str(list(Event.objects.values()))
    assert secret not in trail
    assert "rck_" not in trail


@pytest.mark.parametrize("address", ["/api/systemusers", "/scim/v2/Users"])
def test_the_api_records_once_who_has_used_the_keys_share(
    world: World, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = keys.create(TESTER, "payroll", Role.READ_ONLY)[1]
    monkeypatch.setattr(budget.budgets, "wait", lambda key: 7)
    assert [call(secret, "GET", address) for _ in range(3)] == [429, 429, 429]
    event = Event.objects.get(action=Action.KEY_REFUSED)
    assert (event.success, event.reason) == (False, "the key has used its share")
    assert (event.actor_name, event.target_name) == ("payroll", "payroll")


def test_the_api_records_who_sends_too_much_and_not_who_is_mistaken(world: World) -> None:
    secret = keys.create(TESTER, "payroll")[1]
    users = [{"username": f"u{n}", "email": f"u{n}@example.org"} for n in range(bulk.LARGEST + 1)]
    assert call(secret, "POST", "/api/v2/bulk/users", users) == 413
    event = Event.objects.get(action=Action.KEY_REFUSED)
    assert (event.reason, event.actor_name) == ("the request is too large", "payroll")
    assert call(secret, "POST", "/api/systemusers", {"username": "?"}) == 400
    assert call(secret, "GET", "/api/systemusers/0123456789abcdef01234567") == 404
    assert Event.objects.filter(success=False).count() == 1


@pytest.mark.parametrize(
    ("address", "door"), [("/api/systemusers", "api"), ("/scim/v2/Users", "scim")]
)
def test_the_api_records_who_asks_without_a_key(world: World, address: str, door: str) -> None:
    for _ in range(3):
        assert Client().get(address).status_code == 401
    event = Event.objects.get(action=Action.KEY_REFUSED)  # the same again is not written twice
    assert (event.success, event.reason, event.door) == (False, "no key was given", door)
    assert event.client_ip == "127.0.0.1"


@pytest.fixture(scope="module")
def personio() -> Iterator[dict[str, str]]:
    with sandbox("--people", "12", "--no-peculiarities") as settings:
        yield settings


def test_the_terminal_records(personio: dict[str, str], tmp_path: Any) -> None:
    terminal = Terminal(tmp_path, personio)
    for words in (
        "plan",
        "import",
        "import --run 1",
        "users --search schmidt --json",
        "users",
        "runs show 2",
        "runs",
        "settings set default-state.manual staged",
        "admin create ines@example.com",
        "admin reset ines@example.com",
        "keys create --name payroll",
        "keys revoke payroll",
        "groups add Everyone --run 2",
        "groups show Everyone",
        "doctor",
    ):
        done = terminal.run(*words.split())
        assert done.returncode == 0 or words == "import --run 1", (words, done.stderr)
    wrong = terminal.with_settings(PERSONIO_CLIENT_SECRET="papi-wrong-words")
    assert wrong.run("doctor").returncode == 3
    with closing(sqlite3.connect(terminal.folder / "rollcall.db")) as database:
        rows = database.execute("SELECT action, door, actor_name, details FROM audit_event")
        left = list(rows)
    imported = [row for row in left if row[1] == "import"]
    assert len([row for row in imported if row[0] == "user.create"]) == 12
    typed = [row for row in left if row not in imported]
    joined = [row for row in typed if row[0] == "user.group.add"]
    assert len(joined) == 12
    typed = [row for row in typed if row not in joined]
    assert [action for action, *_ in typed] == [
        "import.start",
        "import.start",
        "import.approve",
        "data.export",
        "data.export",
        "data.export",
        "data.export",
        "organization.update",
        "administrator.create",
        "administrator.reset",
        "key.create",
        "key.revoke",
        "group.create",
        "group.member.add",
        "data.export",
        "installation.check",
        "installation.check",
    ]
    assert {row[1:3] for row in typed + joined} == {("cli", operator().name)}
    assert "schmidt" not in str(left)


def test_a_schedule_records_what_it_starts_and_what_it_cannot(world: World) -> None:
    connection = Connection.objects.get(application=world.application)
    assert schedule._start.__wrapped__(connection.pk) == ""  # type: ignore[attr-defined]  # DBOS's step
    event = Event.objects.latest("pk")
    assert (event.action, event.success) == (Action.IMPORT_START, False)
    assert (event.door, event.actor_type) == ("schedule", "system")
    assert (event.actor_name, event.reason) == (connection.name, "no credentials are kept")


ELSEWHERE = {
    Action.ACCOUNT_SIGN_IN: "test_signing_in_is_recorded",
    Action.IMPORT_START: "test_the_terminal_records",
    Action.ADMINISTRATOR_RESET: "test_the_terminal_records",
    Action.INSTALLATION_CHECK: "test_the_terminal_records",
    Action.KEY_REFUSED: "test_the_api_records_what_it_refuses",
    Action.ACCOUNT_PASSWORD_SET: "test_a_password_set_by_a_link_is_recorded",
    Action.ACCOUNT_SECOND_FACTOR_ADD: "test_second_factors_are_recorded",
    Action.ACCOUNT_SECOND_FACTOR_REMOVE: "test_second_factors_are_recorded",
    Action.ACCOUNT_SECOND_FACTOR_RENEW: "test_second_factors_are_recorded",
    Action.ACCOUNT_SIGN_IN_REFUSED: "accounts/test_admission.py",
    Action.ACCOUNT_SESSION_END: "web/admin/profile/test_sessions.py",
    Action.SETTINGS_SECOND_FACTOR_SAVE: "web/admin/settings/administrators/test_administrators.py",
    Action.ACCOUNT_CREATE: "accounts/test_activation.py",
    Action.ACCOUNT_DELETE: "accounts/test_activation.py",
    Action.ACCOUNT_SECOND_FACTOR_RESET: "accounts/test_activation.py",
    Action.USER_ACTIVATION_EMAIL: "accounts/test_activation.py",
    Action.USER_ACTIVATION_LINK: "accounts/test_activation.py",
    Action.ACCOUNT_USER_LINK: "accounts/test_link.py",
    Action.ACCOUNT_USER_UNLINK: "accounts/test_link.py",
    Action.ADMINISTRATOR_DELETE: "accounts/test_services.py",
    Action.ADMINISTRATOR_FIRST: "web/signin/test_first_start.py",
    Action.ACCOUNT_RECOVERY_EMAIL: "accounts/test_recovery.py",
    Action.EMAIL_TEXT_SAVE: "accounts/test_letters.py",
    Action.PASSWORD_POLICY_CREATE: "accounts/test_password_policies.py",
    Action.PASSWORD_POLICY_UPDATE: "accounts/test_password_policies.py",
    Action.PASSWORD_POLICY_DELETE: "accounts/test_password_policies.py",
    Action.USER_LOCK: "accounts/test_user_lock_out.py",
    Action.BREAK_GLASS_CHANGE: "access/policies/test_services.py",
    Action.BREAK_GLASS_USE: "access/policies/test_admitting.py",
    Action.IP_LIST_UPDATE: "access/policies/test_services.py",
    Action.IP_LIST_DELETE: "access/policies/test_services.py",
    Action.POLICY_UPDATE: "access/policies/test_services.py",
    Action.POLICY_DELETE: "access/policies/test_services.py",
    Action.POLICY_DEFAULT_SAVE: "access/policies/test_services.py",
    Action.CREDENTIALS_KEEP: "web/admin/applications/test_confirm_credentials.py",
    Action.CREDENTIALS_REMOVE: "web/admin/applications/test_confirm_credentials.py",
    Action.USER_LOOKALIKE: "doors/test_lookalikes.py",
    Action.GROUP_LOOKALIKE: "doors/test_lookalikes.py",
    Action.DATA_BACKUP: "cli/test_backing_up.py",
    Action.DATA_RESTORE: "cli/test_backing_up.py",
    Action.PERSON_ERASE: "privacy/test_people.py",
    Action.PERSON_READMIT: "imports/test_tombstones.py",
    Action.SSO_SIGN_ON: "access/oidc/test_events.py",
    Action.SSO_REFUSED: "access/oidc/test_events.py",
    Action.SSO_TOKEN_REFUSED: "access/oidc/test_events.py",
    Action.SSO_TOKENS_REVOKE: "access/oidc/test_events.py",
    Action.SSO_LOGOUT_FAILED: "access/oidc/test_logout_delivery.py",
    Action.SSO_CLIENT_CREATE: "access/oidc/test_clients.py",
    Action.SSO_CLIENT_UPDATE: "access/oidc/test_clients.py",
    Action.SSO_CLIENT_ROTATE: "access/oidc/test_clients.py",
    Action.SSO_KEY_ADD: "access/oidc/test_signing_keys.py",
    Action.SETTINGS_MFA_SAVE: "accounts/test_factor_services.py",
    Action.USER_FACTOR_REQUIRE: "accounts/test_factor_services.py",
    Action.USER_SSH_KEY_ADD: "accounts/test_ssh_keys.py",
    Action.USER_SSH_KEY_REMOVE: "accounts/test_ssh_keys.py",
    Action.SSO_KEY_USE: "access/saml/test_certificates.py",
    Action.SSO_KEY_REMOVE: "access/saml/test_certificates.py",
    Action.SSO_SIGN_OUT: "access/saml/test_sign_out.py",
    Action.SETTINGS_USER_PORTAL_SAVE: "web/me/test_own_profile.py",
    Action.SEALING_KEY_ADD: "accounts/test_key_rotation.py",
    Action.SEALING_KEYS_FORGET: "accounts/test_key_rotation.py",
    Action.SEALING_RESEAL: "accounts/test_key_rotation.py",
    Action.SETTINGS_DIRECTORY_SAVE: "web/admin/settings/target/test_directory_settings.py",
    Action.SETTINGS_DIRECTORY_REMOVE_KEY: "web/admin/settings/target/test_directory_settings.py",
}
"""Where the actions are asserted that no deed of a list above leaves."""


def test_no_action_is_forgotten() -> None:
    walked = {action for deed in (*PORTAL.values(), *REFUSED.values()) for action in deed.leaves}
    walked |= {action for leaves, *_ in API.values() for action in leaves}
    assert set(Action) - walked == set(ELSEWHERE)


def test_a_page_leaves_it_to_the_verb_to_record_what_it_does() -> None:
    web = Path(rollcall.__file__).parent / "web"
    recording = {
        file.relative_to(web).as_posix()
        for file in web.rglob("*.py")
        if re.search(r"\brecord(_many|_selected)?\(", file.read_text(encoding="utf-8"))
    }
    # reading a list out is done by nobody but the page
    assert recording == {"shell/reading_out.py"}
