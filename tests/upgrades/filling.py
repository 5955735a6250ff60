"""Something of everything that an installation stores, made by the code as it stands.

Everybody in it is invented, and so is every secret: nothing in it opens anything anywhere.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from rollcall.accounts import api_keys, one_time_links, second_factors, services
from rollcall.accounts.models import Account, Role
from rollcall.api.models import BulkJob, BulkResult, ScimGroupRecord, ScimRecord
from rollcall.audit import chain, recording, verification
from rollcall.audit.actions import Action
from rollcall.audit.recording import Target
from rollcall.directory import services as directory
from rollcall.directory.models import Application, User, UserGroup
from rollcall.imports import connection_services, notifications, runs, target_accounts, uploads
from rollcall.imports.models import Connection
from rollcall.jobs import engine
from rollcall.jobs.models import Worker
from rollcall.mail import outbox
from rollcall.privacy import people
from rollcall.project import migrating
from rollcall.sources.csv.account import CsvAccount
from tests.actors import ADMIN, TESTER
from tests.imports.world import imported, personio, request

EMPLOYEES = 40
PASSWORD = "Invented for a kept database, 1"
TOTP_SECRET = "INVENTEDINVENTEDINVENTEDINVENTED"
API_SECRET = "invented for a kept database"
FILE = b"""Employee ID,First name,Last name,Email,Status
f-1,Ada,Lovelace,ada@example.org,active
f-2,Grace,Hopper,grace@example.org,active
f-3,Katherine,Johnson,katherine@example.org,active
"""
HIRED = b"f-4,Mary,Jackson,mary@example.org,active\n"


def fill() -> None:
    """Make the tables, and something of everything in them; the last import is left in the middle.

    The settings lead to an empty place with a sealing key of its own.
    """
    migrating.migrate()
    _imports()
    _groups_and_applications()
    account = _accounts()
    _erased_person()
    _applications_of_imports(account)
    _what_only_apis_keep()
    chain.seal_due()
    verification.verify_and_note()
    _not_sealed_yet(account)
    Worker.objects.all().delete()  # the machine on which this was made is nobody's business


def _imports() -> None:
    with engine.running(queue=engine.own_queue()), personio(EMPLOYEES, peculiar=True) as company:
        account = replace(company.account, name="sandbox")
        imported(account)
        imported(CsvAccount.uploaded("founders", "founders.csv", FILE))
        # a plan that somebody has yet to approve
        imported(CsvAccount.uploaded("founders", "founders.csv", FILE + HIRED), review=True)
        # begun, and its process was killed before it had done anything
        runs.start_here(request(account))


def _groups_and_applications() -> None:
    directory.create_groups(
        ADMIN, [directory.NewGroup("Everybody"), directory.NewGroup("Straße", "Im Außendienst")]
    )
    everybody, street = UserGroup.objects.order_by("name")
    directory.add_all(ADMIN, everybody, User.objects.all())
    some = User.objects.by_name().values_list("pk", flat=True)[:7]
    directory.set_members(ADMIN, street, add=list(some))
    wiki = {"name": "bookmark", "displayLabel": "Wiki", "ssoUrl": "https://wiki.example.org"}
    directory.create_applications(ADMIN, [directory.NewApplication(wiki)])
    directory.bind(ADMIN, Application.objects.get(displayLabel="Wiki"), [everybody, street])


def _accounts() -> Account:
    account = services.create(TESTER, "ada@example.org", {Role.ADMINISTRATOR}, password=PASSWORD)
    services.create(TESTER, "grace@example.org", {Role.MANAGER, Role.READ_ONLY})
    services.link(ADMIN, account, User.objects.get(email="ada@example.org"))
    services.set_language(ADMIN, account, "de")
    services.set_password(ADMIN, account, f"{PASSWORD}2")
    TOTP.activate(account, TOTP_SECRET)
    RecoveryCodes.activate(account)
    second_factors.require(ADMIN, {Role.ADMINISTRATOR})
    one_time_links.make(Account.objects.by_email("grace@example.org"))
    api_keys.create(ADMIN, "payroll", Role.READ_ONLY)
    revoked, _ = api_keys.create(ADMIN, "an old script")
    api_keys.revoke(ADMIN, revoked)
    return account


def _applications_of_imports(owner: Account) -> None:
    directory.create_applications(
        ADMIN, [directory.NewApplication({"name": "personio", "displayLabel": "Personio"})]
    )
    application = Application.objects.get(displayLabel="Personio")
    with personio(1) as company:
        account = replace(company.account, name="branch")
    connection = Connection.objects.create(
        name="Branch",
        source="personio",
        key=account.key,
        address=account.address,
        application=application,
    )
    connection_services.keep_credentials(ADMIN, connection, account)
    schedule = {"schedule": Connection.Schedule.DAILY.value, "schedule_at": time(6, 30)}
    starter = runs.Starter(ADMIN, notify="ada@example.org", language="de")
    connection_services.set_schedule(ADMIN, connection, schedule, starter)
    uploads.keep(application, owner, CsvAccount.uploaded("founders", "founders.csv", FILE))
    target_accounts.choose(ADMIN, "builtin", "jumpcloud", {}, {"api_key": API_SECRET})
    notifications.choose(ADMIN, live_threshold=500, sender="rollcall@example.org")


def _what_only_apis_keep() -> None:
    user, group = User.objects.by_name()[0], UserGroup.objects.order_by("name")[0]
    more = {"nickName": "Addie"}
    ScimRecord.objects.create(user=user, user_name="ada@example.org", external_id="1", more=more)
    ScimGroupRecord.objects.create(group=group, external_id="everybody")
    job = BulkJob.objects.create(kind="create", creation_source="jumpcloud:bulk")
    BulkResult.objects.create(job=job, seq=0, user_id=user.pk, status="finished")


def _erased_person() -> None:
    """Somebody of whom the chain holds a signed cut and nothing else."""
    values = {"username": "leaver", "email": "leaver@example.org", "firstname": "Lea"}
    identity = directory.Identity("csv:founders", "f-0")
    directory.create_users(ADMIN, directory.HAND, [directory.NewUser(values, identity=identity)])
    chain.seal_due()
    [subject] = people.identify("leaver@example.org")
    people.erase(subject, ADMIN)


def _not_sealed_yet(account: Account) -> None:
    target = Target("user_account", str(account.pk), account.email)
    recording.record(
        ADMIN, Action.ACCOUNT_SIGN_IN_REFUSED, target, success=False, reason="wrong password"
    )
    message = EmailMultiAlternatives("An import", "It ended.", to=["ada@example.org"])
    with transaction.atomic():
        outbox.post(message, purpose="import")
