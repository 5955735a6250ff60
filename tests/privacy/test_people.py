"""A person is found by any of their names, given out whole, and erased in every room."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from rollcall.access.oidc import clients, sign_ons
from rollcall.access.oidc.clients import Registration
from rollcall.access.oidc.sign_ons import Asked
from rollcall.access.policies.models import AccessPolicy
from rollcall.access.saml.models import Connection as SamlConnection
from rollcall.access.saml.models import SignOn as SamlSignOn
from rollcall.accounts import api_keys
from rollcall.accounts import services as accounts
from rollcall.accounts.errors import LastAdministratorError
from rollcall.accounts.models import Account, ApiKey, Role, SentForm
from rollcall.accounts.proofs import Proof
from rollcall.accounts.user_models import SshKey
from rollcall.api.models import BulkJob, BulkResult, ScimRecord
from rollcall.audit import chain
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.audit.models import Cut, Event
from rollcall.audit.recording import Target, record
from rollcall.audit.verification import verify
from rollcall.directory import services
from rollcall.directory.models import Application, DirectoryChange, User, UserGroup
from rollcall.directory.services import Identity, ManagerChange, NewGroup, NewUser
from rollcall.imports.models import ChangeRecord, Connection, Run, RunState, StagedEmployee
from rollcall.imports.personal_data import RunInTheWay
from rollcall.mail import outbox
from rollcall.privacy import people
from rollcall.privacy.subject import Subject
from tests.actors import ADMIN, TESTER

pytestmark = pytest.mark.django_db

SOURCE = "personio:acme"
NAMES = ("ada", "lovelace", "byron")
"""What must be nowhere any more once Ada is erased."""


def make_user(username: str, **values: object) -> User:
    new = NewUser(
        {"username": username, "email": f"{username}@example.com", **values},
        "jumpcloud:manual",
        Identity(SOURCE, f"id-of-{username}"),
    )
    (user,) = services.create_users(TESTER, SOURCE, [new])
    assert isinstance(user, User)
    return user


@pytest.fixture
def run() -> Run:
    connection = Connection.objects.create(name="Acme", source="personio", key=SOURCE)
    return Run.objects.create(
        number=1,
        connection=connection,
        state=RunState.COMPLETED,
        started_by="ada.lovelace@example.com",
        notify_email="ada.lovelace@example.com",
    )


@pytest.fixture
def ada(run: Run) -> User:
    """Ada, of whom every room keeps something; an administrator, and the manager of Charles."""
    user = make_user("ada.lovelace", firstname="Ada", lastname="Lovelace", middlename="Byron")
    charles = make_user("charles.babbage")
    services.set_managers(TESTER, SOURCE, [ManagerChange(charles.id, user.id)])
    (group,) = services.create_groups(TESTER, [NewGroup("Engines")])
    assert isinstance(group, UserGroup)
    services.set_members(TESTER, group, add=[user.id])
    account = accounts.create(TESTER, user.email, [Role.ADMINISTRATOR])
    accounts.link(TESTER, account, user)
    keep_of_account(account)
    SshKey.objects.create(
        user=user, name="Ada's laptop", public_key="ssh-…", fingerprint="SHA256:…"
    )
    SentForm.objects.create(digest="0" * 64, address=f"/users/{user.pk}/")
    keep_of_sign_on(account)
    AccessPolicy.objects.create(
        name="Only from the office",
        type="user_portal",
        conditions={"expression": user.email},
    )
    keep_of_imports(run, user, charles)
    ScimRecord.objects.create(user=user, user_name="ada.lovelace@example.com")
    job = BulkJob.objects.create(kind="update")
    BulkResult.objects.create(job=job, seq=0, status="done", persistedFields={"email": user.email})
    message = EmailMultiAlternatives("Hello", "Ada", "from@example.com", [user.email])
    outbox.post(message, purpose="test")
    return user


def keep_of_account(account: Account) -> None:
    acting = Actor(Initiator.ADMIN, Door.PORTAL, account.email, str(account.pk), "192.0.2.7")
    record(acting, Action.ORGANIZATION_UPDATE, Target("organization", name="Acme"))
    api_keys.create(acting, "for scripts", Role.READ_ONLY)
    session = SessionStore()
    session["_auth_user_id"] = str(account.pk)
    session.save()
    AccessAttempt.objects.create(
        username=account.email, ip_address="192.0.2.7", failures_since_start=1
    )


def keep_of_sign_on(account: Account) -> None:
    registration = Registration(["https://app.example.com/callback"])
    client, _ = clients.create_application(TESTER, "Wiki", registration)
    asked = Asked("https://app.example.com/callback", "openid", "c" * 43, "", {})
    sign_on = sign_ons.begin(client, account, asked, Proof(0, ("pwd",)), "a code")
    sign_ons.issue(sign_on, "an access token", "a refresh token", ["openid"])
    connection = SamlConnection.objects.create(
        application=Application.objects.create(name="custom-saml", displayLabel="Files"),
        path="files",
    )
    SamlSignOn.objects.create(
        connection=connection,
        account=account,
        index="_1",
        name_id=account.email,
        expires=timezone.now(),
    )


def keep_of_imports(run: Run, ada: User, charles: User) -> None:
    for number, user in enumerate((ada, charles)):
        employee = f"id-of-{user.username}"
        manager = {"supervisor": {"id": "id-of-ada.lovelace", "email": ada.email}}
        StagedEmployee.objects.create(run=run, employee_id=employee, record=manager)
        ChangeRecord.objects.create(
            run=run,
            seq=number,
            kind="create",
            employee_id=employee,
            name=user.username,
            email=user.email,
            user_id=user.pk,
            manager={"email": ada.email},
            reason={"code": "new"},
        )


def the(text: str) -> Subject:
    (subject,) = people.identify(text)
    return subject


def everything() -> Iterator[tuple[str, str]]:
    """Every value of every row of every model."""
    for model in apps.get_models(include_auto_created=True):
        for row in model._default_manager.values():
            for name, value in row.items():
                yield f"{model._meta.label}.{name}", json.dumps(value, default=str)


def test_somebody_is_found_by_each_of_their_names(ada: User) -> None:
    account = Account.objects.get()
    for text in (
        ada.pk,
        f"user:{ada.pk}",
        "ADA.lovelace",
        " Ada.Lovelace@Example.COM",
        "id-of-ada.lovelace",
        f"{SOURCE}:id-of-ada.lovelace",
        f"account:{account.pk}",
    ):
        subject = the(text)
        assert (subject.user_id, subject.account_id) == (ada.pk, str(account.pk)), text
    assert people.identify("nobody.at.all") == []


def test_an_account_with_the_same_e_mail_that_is_not_linked_is_somebody_else() -> None:
    user = make_user("ada.lovelace")
    account = accounts.create(TESTER, user.email, [Role.ADMINISTRATOR])
    found = people.identify(user.email)
    assert {(s.user_id, s.account_id) for s in found} == {(user.pk, ""), ("", str(account.pk))}
    assert the(f"user:{user.pk}").account_id == ""
    assert the(f"account:{account.pk}").user_id == ""


def test_what_every_room_keeps_is_counted(ada: User) -> None:
    found = people.find(the(ada.username))
    assert found["users of the directory"]["directory.User"] == 1
    assert found["users of the directory"]["directory.Membership"] == 1
    assert found["accounts"]["sessions.Session"] == 1
    assert found["failed sign-ins"]["axes.AccessAttempt"] == 1
    assert found["who made API keys"]["accounts.ApiKey"] == 1
    # her own, and that of Charles, who reports to her
    assert found["imported employees"] == {"imports.StagedEmployee": 2, "imports.ChangeRecord": 2}
    assert found["e-mails"] == {"mail.OutgoingMessage": 1}
    assert found["API"] == {"api.ScimRecord": 1, "api.BulkResult": 1}
    assert found["audit log"]["audit.Event"] >= 5


def test_the_export_is_json_and_gives_out_no_secret(ada: User) -> None:
    rows = list(people.export(the(ada.username)))
    text = json.dumps(rows)
    user = next(row for row in rows if row["model"] == "directory.User")
    assert (user["lastname"], user["records"]) == ("Lovelace", "users of the directory")
    assert {row["model"] for row in rows} >= {
        "imports.ChangeRecord",
        "audit.Event",
        "api.ScimRecord",
    }
    account = Account.objects.get()
    session = Session.objects.get()
    for secret in (account.password, session.session_key, ApiKey.objects.get().hashed):
        assert secret not in text


def test_erased_is_erased_in_every_room(ada: User, run: Run) -> None:
    accounts.create(TESTER, "grace.hopper@example.com", [Role.ADMINISTRATOR])
    counts = people.erase(the(ada.username), ADMIN)
    assert all(counts[name] for name in counts if name != "change feed of the directory")
    left = [
        (place, value)
        for place, value in everything()
        # an id of hexadecimal digits may hold "ada"
        if any(n in re.sub(r"\b[0-9a-f]{24,}\b", "", value.lower()) for n in NAMES)
    ]
    assert left == []
    assert User.objects.get().username == "charles.babbage"
    assert ChangeRecord.objects.get().manager == {"email": "erased"}
    assert DirectoryChange.objects.filter(object_id=ada.pk, kind="deleted").exists()


def test_the_log_of_the_organization_stays_and_holds(ada: User) -> None:
    accounts.create(TESTER, "grace.hopper@example.com", [Role.ADMINISTRATOR])
    chain.seal_due()
    actions = list(Event.objects.order_by("pk").values_list("action", flat=True))
    people.erase(the(ada.username), ADMIN)
    after = list(Event.objects.order_by("pk").values_list("action", flat=True))
    assert after == [
        *actions,
        "user.update",
        "administrator.delete",
        "user.delete",
        "person.erase",
    ] or (after[: len(actions)] == actions and after[-1] == "person.erase")
    by_ada = Event.objects.get(action="organization.update")
    assert (by_ada.actor_name, by_ada.client_ip) == ("erased", "")
    assert verify().hole is None
    assert Cut.objects.get().reason == "erasure"
    told = Event.objects.get(action="person.erase")
    assert (told.actor_name, told.target_id, told.target_name) == (ADMIN.name, ada.pk, "")


def test_the_events_of_others_keep_what_they_say(ada: User) -> None:
    accounts.create(TESTER, "grace.hopper@example.com", [Role.ADMINISTRATOR])
    before = Event.objects.get(action="user.create", target_name="charles.babbage")
    people.erase(the(ada.username), ADMIN)
    after = Event.objects.get(pk=before.pk)
    assert (after.target_name, after.changes) == (before.target_name, before.changes)


def test_erasing_again_finds_nothing_of_the_person(ada: User) -> None:
    accounts.create(TESTER, "grace.hopper@example.com", [Role.ADMINISTRATOR])
    subject = the(ada.username)
    people.erase(subject, ADMIN)
    assert people.identify("ada.lovelace") == []
    people.erase(subject, ADMIN)
    assert verify().hole is None


def test_the_last_administrator_is_not_erased_and_nothing_is(ada: User) -> None:
    before = sorted(everything())
    with pytest.raises(LastAdministratorError):
        people.erase(the(ada.username), ADMIN)
    assert sorted(everything()) == before


def test_a_run_that_has_not_ended_is_in_the_way(ada: User, run: Run) -> None:
    accounts.create(TESTER, "grace.hopper@example.com", [Role.ADMINISTRATOR])
    Run.objects.update(state=RunState.REVIEW)
    with pytest.raises(RunInTheWay, match=r"import 1 has not ended.*--run 1`.*in the portal"):
        people.erase(the(ada.username), ADMIN)
    assert User.objects.filter(pk=ada.pk).exists()


def test_somebody_whom_only_an_import_knows_is_found_and_erased(run: Run) -> None:
    change: dict[str, Any] = {"kind": "skip", "reason": {"code": "left"}, "name": "Ada Byron"}
    ChangeRecord.objects.create(run=run, seq=0, employee_id="17", email="ada@example.org", **change)
    StagedEmployee.objects.create(run=run, employee_id="17", record={"name": "Ada"})
    for text in ("17", f"{SOURCE}:17", "ada@example.org"):
        assert the(text).identities == {(SOURCE, "17")}
    people.erase(the("17"), ADMIN)
    assert not ChangeRecord.objects.exists()
    assert not StagedEmployee.objects.exists()


def test_somebody_who_was_deleted_before_is_found_by_their_events() -> None:
    user = make_user("ada.lovelace")
    services.delete_users(TESTER, services.HAND, [user.pk])
    for text in ("ada.lovelace", user.email, f"user:{user.pk}"):
        assert the(text).user_id == user.pk
    people.erase(the("ada.lovelace"), ADMIN)
    assert not Event.objects.filter(target_name="ada.lovelace").exists()


def test_an_e_mail_that_only_the_outbox_knows_is_found() -> None:
    message = EmailMultiAlternatives("Hello", "", "from@example.com", ["ada@example.org"])
    outbox.post(message, purpose="test", expires=timedelta(days=1))
    subject = the("ada@example.org")
    assert people.find(subject) == {"e-mails": {"mail.OutgoingMessage": 1}}
    people.erase(subject, ADMIN)
    assert people.find(subject) == {}
    assert timezone.now() > Event.objects.get(action="person.erase").timestamp


def test_whoever_is_deleted_is_found_by_a_name_without_accents() -> None:
    before = {"email": "jm@example.org"}
    record(TESTER, Action.USER_DELETE, Target("user", "u9", "josé.muñoz"), before=before)
    [found] = people.search("jose munoz")
    assert (found.user_id, found.usernames) == ("u9", frozenset({"josé.muñoz"}))
