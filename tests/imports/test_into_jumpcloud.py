"""An import into JumpCloud with the key that the portal keeps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rollcall.imports import open_targets, runs, ticks, tombstones
from rollcall.imports.models import Run, StagedEmployee, TargetAccount, TargetChoice
from rollcall.imports.options import Options
from rollcall.imports.target_accounts import seal_secrets
from rollcall.targets.jumpcloud.identity import attribute_of
from tests.actors import TESTER
from tests.imports.world import Personio, accounted, approved, begin, ended, imported, personio
from tests.targets.jumpcloud.cloud import KEY, READ_ONLY_KEY, Cloud, Fault, hosting
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("carrying_out")


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """An empty organization of JumpCloud's."""
    with hosting() as host:
        yield host.show(Cloud())


def keep(cloud: Cloud, key: str = KEY) -> None:
    """Store the account as Settings → Directory does."""
    TargetChoice.objects.all().delete()
    TargetChoice.objects.create(target="jumpcloud")
    sealed = seal_secrets({"api_key": key})
    TargetAccount.objects.update_or_create(
        target="jumpcloud", defaults={"settings": {"url": cloud.url}, "sealed_secrets": sealed}
    )


def nothing_is_open(*runs: Run) -> None:
    """Wait until none of these runs has a directory open in this process."""
    wait_until(lambda: not any(run.pk in open_targets._open for run in runs), seconds=10)


def test_it_goes_to_the_kept_account_and_leaves_nothing_open(cloud: Cloud) -> None:
    keep(cloud)
    with personio(30) as source:
        first = ended(begin(source.account, directory=open_targets.chosen()).pk)
        requests = len(cloud.traffic)
        writes = cloud.count("POST", "bulk") + cloud.count("PATCH", "bulk")
        second = ended(begin(source.account, directory=open_targets.chosen()).pk)
    assert first.state == second.state == "completed", (first.error, second.error)
    created = first.counts["created"]
    assert len(cloud.users) == created == second.counts["unchanged"]
    assert first.organization == second.organization == cloud.organization_id
    assert all(
        one["attributes"]
        == [{"name": attribute_of(source.account.key), "value": one["employeeIdentifier"]}]
        for one in cloud.users.values()
    )
    assert sum("manager" in one for one in cloud.users.values()) > created / 2
    # a page, a batch and its managers with two looks each, and four for the organization
    assert requests <= 1 + 2 * (1 + 2) + 4
    assert len(cloud.traffic) - requests <= 1 + 4
    # the second import only asked what the key may do, by an update of nobody
    assert cloud.count("POST", "bulk") + cloud.count("PATCH", "bulk") == writes + 1
    nothing_is_open(first, second)


def test_a_process_that_lost_its_run_while_it_waited_sends_nothing_more(cloud: Cloud) -> None:
    """JumpCloud itself would take it from whoever comes: the lease is asked before each call."""
    keep(cloud)
    cloud.faults.append(Fault("POST /api/v2/bulk/users", "429", headers={"Retry-After": "2"}))
    with personio(30) as source:
        run = begin(source.account, directory=open_targets.chosen())
        wait_until(lambda: cloud.count("POST", "bulk") == 1, seconds=60)
        Run.objects.filter(pk=run.pk).update(executor="another-process")
        nothing_is_open(run)
    assert cloud.count("POST", "bulk") == 1
    assert not cloud.users
    assert not run.changes.exclude(result="").filter(kind="create").exists()


def test_a_mapping_that_fills_the_identifier_keeps_it_for_itself(cloud: Cloud) -> None:
    keep(cloud)
    options = Options(extra_mapping=(("email", "employeeIdentifier"),))
    with personio(12) as source:
        run = ended(begin(source.account, directory="jumpcloud", options=options).pk)
    assert run.state == "completed", run.error
    for one in cloud.users.values():
        assert one["employeeIdentifier"] == one["email"]
        assert one["attributes"][0]["name"] == attribute_of(source.account.key)


def test_a_key_that_may_only_read_is_refused_before_personio_is_asked(cloud: Cloud) -> None:
    keep(cloud, READ_ONLY_KEY)
    with personio(12) as source:
        run = ended(begin(source.account, directory="jumpcloud").pk)
        planned = ended(begin(source.account, directory="jumpcloud", review=True).pk)
    assert (run.state, run.error_code, run.fetched) == ("failed", "directory", 0)
    assert "may only read" in run.error
    assert planned.state == "review"
    nothing_is_open(run, planned)


def made_by_hand(cloud: Cloud, source: Personio) -> str:
    """A user in the organization who has the e-mail of the source's first employee."""
    email = source.company.person(0).email
    assert email is not None
    return cloud.add(
        email=email, username="by.hand", firstname="By", creationSource="jumpcloud:manual"
    )


def test_whom_no_import_made_in_the_organization_needs_a_tick(cloud: Cloud) -> None:
    keep(cloud)
    with personio(10) as source:
        user_id = made_by_hand(cloud, source)
        employee = str(source.company.person(0).id)
        run = imported(source.account, directory="jumpcloud")
        accounted(run)
        change = run.changes.get(employee_id=employee)
        assert (change.result, change.reason["code"]) == ("conflict", "adopt_not_ticked")
        assert "by.hand (By), made by hand" in change.change.warnings[0].text()
        assert cloud.users[user_id].get("attributes") in (None, [])
        again = imported(source.account, directory="jumpcloud", options=Options(adopt=True))
        accounted(again)
    assert again.changes.get(employee_id=employee).result == "updated"
    attribute = {"name": attribute_of(source.account.key), "value": employee}
    assert attribute in cloud.users[user_id]["attributes"]


def test_a_tick_for_a_user_who_has_moved_there_since_is_refused_by_name(cloud: Cloud) -> None:
    keep(cloud)
    with personio(10) as source:
        user_id = made_by_hand(cloud, source)
        employee = str(source.company.person(0).id)
        run = imported(source.account, directory="jumpcloud", review=True)
        ticks.tick(TESTER, run.pk, run.changes.all())
        cloud.users[user_id]["email"] = "moved@example.org"
        run = approved(run)
        accounted(run)
    change = run.changes.get(employee_id=employee)
    assert change.result == "conflict"
    assert change.error is not None
    assert change.error["code"] == "tick_moved_email"
    assert cloud.users[user_id]["firstname"] == "By"


def erased(source: Personio, place: int = 0) -> tuple[str, str, str]:
    """The id, name and e-mail of an employee whom Rollcall has erased."""
    person = source.company.person(place)
    tombstones.put_up([(source.account.key, str(person.id))])
    return str(person.id), person.last_name, str(person.email)


def words_of(run: Run, employee_id: str) -> str:
    """All that the run keeps of the employee."""
    own = {"run": run, "employee_id": employee_id}
    rows = [*StagedEmployee.objects.filter(**own).values(), *run.changes.filter(**own).values()]
    return str(rows).lower()


@pytest.mark.parametrize("review", [False, True])
def test_of_who_was_erased_an_ended_import_keeps_the_id_and_the_result(
    cloud: Cloud, review: bool
) -> None:
    keep(cloud)
    with personio(30) as source:
        imported(source.account, directory="jumpcloud")
        employee_id, name, email = erased(source)
        # JumpCloud still has the person: the import goes on with them
        held = next(user for user in cloud.users.values() if user["email"] == email)
        held["jobTitle"] = "something else"
        run = imported(source.account, directory="jumpcloud", review=review)
        if review:
            assert email in words_of(run, employee_id)
            run = approved(run)
    assert run.state == "completed", run.error
    assert held["jobTitle"] != "something else"
    change = run.changes.get(employee_id=employee_id)
    assert (change.result, change.reason["code"]) == ("updated", "erased_elsewhere")
    assert change.external_id or change.user_id
    kept = words_of(run, employee_id)
    assert name.lower() not in kept
    assert email not in kept
    assert not run.staged.filter(record__icontains=email).exists()
    accounted(run)


def test_a_preview_that_is_cancelled_keeps_nothing_of_them_either(cloud: Cloud) -> None:
    keep(cloud)
    with personio(30) as source:
        imported(source.account, directory="jumpcloud")
        employee_id, _, email = erased(source)
        run = imported(source.account, directory="jumpcloud", review=True)
    runs.cancel(TESTER, run.pk)
    assert email not in words_of(run, employee_id)


def test_an_import_that_fails_keeps_nothing_of_them_either(cloud: Cloud) -> None:
    keep(cloud)
    with personio(30) as source:
        imported(source.account, directory="jumpcloud")
        employee_id, _, email = erased(source)
        for user in cloud.users.values():
            user["jobTitle"] = "something else"
        cloud.faults.append(Fault("PATCH /api/v2/bulk/users", "401", times=50))
        run = imported(source.account, directory="jumpcloud")
    assert run.state == "failed"
    assert email not in words_of(run, employee_id)
