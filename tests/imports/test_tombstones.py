"""Who was erased is made anew by no import, which says so, until somebody lets them in again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rollcall.audit.models import Event
from rollcall.directory import services
from rollcall.directory.models import ExternalIdentity, User
from rollcall.directory.services import Identity, NewUser
from rollcall.imports import tombstones
from rollcall.imports.models import ChangeRecord, Run, StagedEmployee, Tombstone
from rollcall.privacy import people
from rollcall.provisioning.reason import Reason
from tests.actors import ADMIN, TESTER
from tests.imports.world import accounted, imported, personio

pytestmark = pytest.mark.usefixtures("carrying_out")


def erase(external_id: str) -> tuple[str, str]:
    """Erase this employee's person; the e-mail and the name that they had."""
    user = User.objects.get(identities__external_id=external_id)
    (subject,) = people.identify(f"user:{user.pk}")
    people.erase(subject, ADMIN)
    return user.email, user.lastname


def somebody(run: Run) -> str:
    """The id of an employee whom others report to."""
    boss = User.objects.filter(reports__isnull=False, manager__isnull=False).distinct()[0]
    return ExternalIdentity.objects.get(user=boss).external_id


def change(run: Run, employee_id: str) -> ChangeRecord:
    return ChangeRecord.objects.get(run=run, employee_id=employee_id)


def told(run: Run) -> set[str]:
    return {Reason.from_record(warning).code for warning in run.warnings}


def test_the_next_import_leaves_the_person_out_and_says_so_by_the_id() -> None:
    with personio() as company:
        employee_id = somebody(imported(company.account))
        email, _ = erase(employee_id)
        run = imported(company.account)
    accounted(run)
    row = change(run, employee_id)
    assert (row.kind, row.result, row.reason["code"]) == ("skip", "skipped", "erased")
    text = Reason.from_record(row.reason).text("Personio")
    today = timezone.localdate().isoformat()
    assert f"Employee {employee_id} was erased on {today}; Personio still has this person" in text
    assert "erased_listed" in told(run)
    assert not User.objects.filter(email=email).exists()


def test_nothing_of_what_the_source_says_of_the_person_is_kept() -> None:
    with personio() as company:
        employee_id = somebody(imported(company.account))
        email, _ = erase(employee_id)
        run = imported(company.account)
    staged = StagedEmployee.objects.get(run=run, employee_id=employee_id)
    assert staged.record == {"id": employee_id}
    row = change(run, employee_id)
    assert (row.name, row.email) == ("", "")
    # those who report to the person name the supervisor by the id alone
    for record in StagedEmployee.objects.filter(run=run).values_list("record", flat=True):
        assert email not in str(record)


def test_the_person_is_imported_again_once_somebody_lets_them_in() -> None:
    with personio() as company:
        employee_id = somebody(imported(company.account))
        email, _ = erase(employee_id)
        (grave,) = tombstones.find(employee_id)
        assert tombstones.readmit(ADMIN, grave)
        assert not tombstones.readmit(ADMIN, grave)
        run = imported(company.account)
    assert change(run, employee_id).result == "created"
    assert User.objects.filter(email=email).exists()
    event = Event.objects.get(action="person.readmit")
    assert email not in str(event.changes)
    assert employee_id not in str((event.target_id, event.target_name, event.changes))


def test_a_user_made_by_hand_with_the_address_is_not_taken_over() -> None:
    with personio() as company:
        employee_id = somebody(imported(company.account))
        email, _ = erase(employee_id)
        services.create_users(
            TESTER,
            services.HAND,
            [NewUser({"username": "new", "email": email}, "jumpcloud:manual")],
        )
        run = imported(company.account)
    assert change(run, employee_id).reason["code"] == "erased"
    assert not ExternalIdentity.objects.filter(external_id=employee_id).exists()


def test_who_carries_the_employee_by_another_door_is_in_again() -> None:
    with personio() as company:
        employee_id = somebody(imported(company.account))
        email, name = erase(employee_id)
        identity = Identity(company.account.key, employee_id)
        new = NewUser({"username": "new", "email": email}, "jumpcloud:manual", identity)
        services.create_users(TESTER, services.HAND, [new])
        imported(company.account)
    assert User.objects.get(username="new").lastname == name


def test_a_tombstone_names_nobody() -> None:
    with personio() as company:
        employee_id = somebody(imported(company.account))
        email, name = erase(employee_id)
    row = Tombstone.objects.values().get()
    assert all(word not in str(row) for word in (email, name))
    assert (row["account"], len(row["digest"])) == (company.account.key, 64)


def test_somebody_of_another_account_with_the_same_id_is_nobody_erased() -> None:
    tombstones.put_up([("personio:acme", "17")])
    assert tombstones.erased_of("personio:acme").day("17") == timezone.localdate()
    assert tombstones.erased_of("personio:other").day("17") is None
    assert tombstones.erased_of("personio:acme").day("18") is None
    assert [grave.name for grave in tombstones.find("17")] == ["personio:acme:17"]
    assert [grave.name for grave in tombstones.find("personio:acme:17")] == ["personio:acme:17"]
    assert tombstones.find("personio:other:17") == []


def test_erasing_twice_puts_up_one_tombstone() -> None:
    for _ in range(2):
        tombstones.put_up([("personio:acme", "17")])
    assert Tombstone.objects.count() == 1


def test_it_goes_a_year_after_the_source_last_listed_the_person_and_not_before() -> None:
    tombstones.put_up([("personio:acme", "17"), ("personio:acme", "18")])
    long_ago = timezone.now() - tombstones.KEPT_FOR - timedelta(days=1)
    Tombstone.objects.update(met_at=long_ago)
    erased = tombstones.erased_of("personio:acme")
    tombstones.note_met(erased, ["17"], complete=False)
    assert Tombstone.objects.count() == 2
    Tombstone.objects.update(met_at=long_ago)
    tombstones.note_met(erased, ["17"], complete=True)
    left = tombstones.erased_of("personio:acme")
    assert (left.day("17"), left.day("18")) == (timezone.localdate(), None)


def test_no_erased_people_cost_no_statement_more_than_one(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        assert not tombstones.erased_of("personio:acme")
