"""The ordinary world of the portal's tests: a few people, groups, an application, an import."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rollcall.access.policies import admitting
from rollcall.access.policies import services as policies
from rollcall.access.policies.decision.facts import Facts, Resource, ResourceType
from rollcall.access.policies.decision.parsing import Document
from rollcall.access.policies.models import AccessPolicy, IpList
from rollcall.accounts import services
from rollcall.accounts.models import Account, PasswordPolicy, Role
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.models import Event
from rollcall.audit.recording import Target
from rollcall.directory.models import (
    Application,
    Association,
    Membership,
    Organization,
    User,
    UserGroup,
)
from rollcall.imports.models import ChangeRecord, Connection, Run, RunState
from rollcall.web import urls
from rollcall.web.shell.pages import PAGES, Page
from tests.actors import ADMIN, TESTER
from tests.targets.builtin.people import identify

PASSWORD = "a quiet river in may"


@dataclass(frozen=True)
class World:
    """What is there: one of each role, and one of everything that an address can name."""

    people: dict[str, Account]
    user: User
    group: UserGroup
    application: Application
    run: Run
    password_policy: PasswordPolicy


PARAMETERS: dict[str, Callable[[World], object]] = {
    "user_id": lambda world: world.user.pk,
    "group_id": lambda world: world.group.pk,
    "application_id": lambda world: world.application.pk,
    "run_number": lambda world: world.run.number,
    "administrator_id": lambda world: world.people["read_only"].pk,
    "password_policy_id": lambda world: world.password_policy.pk,
    "kind": lambda world: "activation",
    "language": lambda world: "de",
    "template": lambda world: "personio",
    "token": lambda world: "no-such-token",
    "policy_id": lambda world: _policy().pk,
    "ip_list_id": lambda world: _ip_list().pk,
    "event_id": lambda world: _decided().pk,
    "insights_id": lambda world: Event.objects.earliest("pk").event_id,
}
"""A value for each parameter that a page's address may have, by the parameter's name."""


def build() -> World:
    """Make the world in the tests' database."""
    people = {
        role.value: services.create(
            TESTER, f"{role.value.replace('_', '.')}@example.com", {role}, password=PASSWORD
        )
        for role in Role
    }
    Organization.the()
    users = _users()
    group = UserGroup.objects.create(name="Everyone in Munich", description="People of one office")
    Membership.objects.create(group=group, user=users[0])
    application = Application.objects.create(
        name="personio",
        displayLabel="Personio",
        ssoUrl="https://mycompany.personio.example",
        active=True,
    )
    Association.objects.create(application=application, group=group)
    run = _run(application, users, people["administrator"])
    recording.record(
        ADMIN,
        Action.ORGANIZATION_UPDATE,
        Target("settings", name="user_management"),
        before={"csvImport": "STAGED"},
        after={"csvImport": "ACTIVATED"},
    )
    policy = PasswordPolicy.objects.create(name="People of one office", position=1)
    policy.groups.add(group)
    return World(people, users[0], group, application, run, policy)


def just_proved(client: Client, account: Account, ago: float = 0) -> None:
    """Have the signed-in person given their password that many seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - ago}]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()


def parameters(page: Page, world: World) -> dict[str, object]:
    """A value for each parameter of the page's address.

    Raises:
        KeyError: the page has a parameter that `PARAMETERS` does not know; add it there.
    """
    parts = [part[1:-1].rpartition(":")[2] for part in page.route.split("/") if part[:1] == "<"]
    return {name: PARAMETERS[name](world) for name in parts}


def address(page: Page, world: World) -> str:
    """The page's address in this world."""
    return reverse(page.name, kwargs=parameters(page, world))


def readable_pages() -> list[Page]:
    """Every registered page that signed-in people may GET."""
    assert urls.urlpatterns  # importing the addresses is what registers the pages
    return [one for one in PAGES.values() if one.reads is not None]


def _policy() -> AccessPolicy:
    """A policy that holds for nobody here, made when a page is asked for by one."""
    known = AccessPolicy.objects.first()
    if known is not None:
        return known
    conditions = {
        "any": [
            {"all": [{"locationIn": {"countries": ["DE"]}}, {"ipAddressNotIn": [_ip_list().pk]}]},
            {"time": {"from": "08:00", "until": "18:00", "zone": "Europe/Berlin"}},
        ]
    }
    document = Document(
        "Contractors at night",
        "Who is no employee",
        type="user_portal",
        targets={"users": {"inclusions": ["ALL"]}},
        conditions=conditions,
        effect={"action": "allow", "obligations": {"mfa": {"required": True}}},
    )
    return policies.create_policy(ADMIN, document, confirmed=True)


def _ip_list() -> IpList:
    known = IpList.objects.first()
    return known or policies.create_ip_list(ADMIN, {"name": "Office", "ips": ["192.0.2.0/24"]})


def _decided() -> Event:
    """The event of a sign-in that keeps what was decided about it."""
    facts = Facts("u1", Resource(ResourceType.USER_PORTAL), timezone.now(), address="192.0.2.7")
    context = admitting.context(admitting.decide(facts))
    target = Target("user", "u1", "amelie.brandt@example.com")
    return recording.record(
        ADMIN, Action.ACCOUNT_SIGN_IN, target, details={"auth_context": context}
    )


def _users() -> list[User]:
    rows = [
        ("amelie.brandt", "Amelie", "Brandt", "ACTIVATED", "Engineering"),
        ("jonas.weiss", "Jonas", "Weiß", "STAGED", "Sales"),
        ("zofia.nowak", "Zofia", "Nowak", "SUSPENDED", "Finance"),
    ]
    users = [
        User.objects.create(
            username=username,
            email=f"{username}@example.com",
            firstname=first,
            lastname=last,
            state=state,
            department=department,
        )
        for username, first, last, state, department in rows
    ]
    for number, user in enumerate(users, 1):
        identify(user, str(number))
    return users


def _run(application: Application, users: list[User], starter: Account) -> Run:
    connection = Connection.objects.create(
        name="Personio",
        source="personio",
        key="personio",
        address="https://api.personio.example",
        application=application,
    )
    run = Run.objects.create(
        number=1,
        connection=connection,
        trigger="portal",
        started_by=starter.email,
        started_by_user=starter,
        state=RunState.COMPLETED,
        fetched=4,
        expected=4,
        complete=True,
        counts={"created": 3, "invalid": 1},
        finished_at=timezone.now(),
    )
    for number, user in enumerate(users, 1):
        ChangeRecord.objects.create(
            run=run,
            seq=number,
            kind="create",
            employee_id=str(number),
            name=f"{user.firstname} {user.lastname}",
            email=user.email,
            user_id=user.pk,
            starts_on=timezone.localdate() + timedelta(days=5) if number == 2 else None,
            fields=[["username", None, user.username], ["firstname", None, user.firstname]],
            reason={"code": "new", "params": {"status": "active"}},
            result="created",
        )
    ChangeRecord.objects.create(
        run=run,
        seq=4,
        kind="invalid",
        employee_id="4",
        name="Noor Haddad",
        email="",
        reason={"code": "new", "params": {"status": "active"}},
        result="invalid",
    )
    return run
