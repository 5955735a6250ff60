"""A directory of any size for the portal's benchmarks: users, groups, applications, imports."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from rollcall.accounts import services
from rollcall.accounts.models import Account, Role
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.audit.models import Event
from rollcall.directory.models import (
    Application,
    Association,
    ExternalIdentity,
    Membership,
    Organization,
    User,
    UserGroup,
)
from rollcall.imports.models import ChangeRecord, Connection, Run, RunState

FULL = 60
"""At least so many groups, applications and runs: a page of them is full at every size."""

USERS_PER_GROUP = 50
USERS_PER_APPLICATION = 500
USERS_PER_RUN = 50
BIG_GROUP = "Everyone"
FIRST = ("Amelie", "Jonas", "Zofia", "Noor", "Émile", "Lwazi", "Ines", "Yuki")
LAST = ("Brandt", "Weiß", "Nowak", "Haddad", "Özkan", "Sørensen", "Dlamini", "Tanaka")
STATES = ("ACTIVATED", "STAGED", "SUSPENDED")


def fill(users: int) -> None:
    """Bring the directory to this many users, and everything else to what belongs to them.

    The first run lists every user, the first group has every user as a member.
    """
    there = User.objects.count()
    made = User.objects.bulk_create([_user(n) for n in range(there, users)], batch_size=1000)
    ExternalIdentity.objects.bulk_create(
        [
            ExternalIdentity(user=user, source="personio", external_id=str(n))
            for n, user in enumerate(made, there)
        ]
    )
    _groups(made, users)
    _applications(users)
    _runs(made, there, users)
    now = timezone.now()
    Event.objects.bulk_create(
        [
            Event(
                timestamp=now - timedelta(seconds=users - n),
                actor_name="administrator@example.com",
                door=("portal", "api", "cli")[n % 3],
                action=("user.update", "user.suspend", "group.create")[n % 3],
                target_type="user",
                target_id=user.pk,
                target_name=user.username,
                changes=[{"field": "state", "from": "STAGED", "to": "ACTIVATED"}],
            )
            for n, user in enumerate(made, there)
        ],
        batch_size=2000,
    )


def administrator() -> Account:
    """Who looks at the pages."""
    Organization.the()
    account = Account.objects.by_email("bench@example.com")
    operator = Actor(Initiator.ADMIN, Door.CLI, "benchmark")
    return account or services.create(operator, "bench@example.com", {Role.ADMINISTRATOR})


def _user(n: int) -> User:
    return User(
        username=f"user{n}",
        email=f"user{n}@example.com",
        firstname=FIRST[n % len(FIRST)],
        lastname=f"{LAST[n // 8 % len(LAST)]}{n * 7919 % 997}",
        state=STATES[n % 10 // 8 + (n % 10 == 9)],
        department=f"Department {n % 40}",
        company=f"Company {n % 5}",
        location=f"City {n % 12}",
        jobTitle="Engineer",
        costCenter=f"CC{n % 90}",
        provenance={"email": ["personio", "2026-01-01T00:00:00+00:00"]},
    )


def _groups(made: list[User], users: int) -> None:
    everyone, _ = UserGroup.objects.get_or_create(name=BIG_GROUP)
    there = UserGroup.objects.count()
    UserGroup.objects.bulk_create(
        [UserGroup(name=f"Group {n:05}") for n in range(there, max(FULL, users // USERS_PER_GROUP))]
    )
    small = list(UserGroup.objects.exclude(pk=everyone.pk).order_by("name"))
    rows = [Membership(group=everyone, user=user) for user in made]
    rows += [Membership(group=small[n % len(small)], user=user) for n, user in enumerate(made)]
    Membership.objects.bulk_create(rows, batch_size=2000)


def _applications(users: int) -> None:
    there = Application.objects.count()
    made = Application.objects.bulk_create(
        [
            Application(name="bookmark", displayLabel=f"Application {n:04}", active=True)
            for n in range(there, max(FULL, users // USERS_PER_APPLICATION))
        ]
    )
    groups = list(UserGroup.objects.order_by("name")[: len(made)])
    Association.objects.bulk_create(
        [
            Association(application=one, group=group)
            for one, group in zip(made, groups, strict=False)
        ],
        ignore_conflicts=True,
    )


def _runs(made: list[User], there: int, users: int) -> None:
    connection, _ = Connection.objects.get_or_create(
        name="Personio", source="personio", key="personio"
    )
    last = Run.objects.count()
    Run.objects.bulk_create(
        [
            Run(
                number=n + 1,
                connection=connection,
                state=RunState.COMPLETED,
                started_by="bench@example.com",
                fetched=users,
                complete=True,
                counts={"created": users},
                finished_at=timezone.now(),
            )
            for n in range(last, max(FULL, users // USERS_PER_RUN))
        ]
    )
    first = Run.objects.get(number=1)
    ChangeRecord.objects.bulk_create(
        [
            ChangeRecord(
                run=first,
                seq=n,
                kind="create",
                employee_id=str(n),
                name=f"{user.firstname} {user.lastname}",
                email=user.email,
                user_id=user.pk,
                fields=[["username", None, user.username]],
                reason={"code": "new", "params": {"status": "active"}},
                result="created",
                finished_at=timezone.now(),
            )
            for n, user in enumerate(made, there)
        ],
        batch_size=1000,
    )
