"""A user who is in the directory already becomes an employee's only where somebody agrees."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connections

from rollcall.accounts import services as accounts
from rollcall.accounts.models import Account
from rollcall.audit.models import Event
from rollcall.directory import services
from rollcall.directory.models import ExternalIdentity, User
from rollcall.directory.services import API, HAND, NewUser, UserChange
from rollcall.imports import runs, schedule, ticks
from rollcall.imports.errors import WrongState
from rollcall.imports.models import ChangeRecord, Run
from rollcall.imports.options import Options
from rollcall.sources import registry
from rollcall.targets.builtin import batches
from tests.actors import TESTER
from tests.imports.world import accounted, approved, imported, results
from tests.sources.toy import KIND, ToyAccount

pytestmark = pytest.mark.usefixtures("carrying_out")

ADA = "1;Ada;Byron;ada@example.org;member;"
BO = "2;Bo;Öst;bo@example.org;member;1"
CLUB = ToyAccount("chess", "open sesame", (ADA, BO))
ADOPT = Options(adopt=True)


@pytest.fixture(autouse=True)
def toys() -> Iterator[None]:
    """The kind is known for as long as a test lasts."""
    registry.register(KIND)
    yield
    registry.unregister(KIND.key)


def made(email: str, creation_source: str = "jumpcloud:manual", **values: Any) -> User:
    """A user that no import has made."""
    source = HAND if creation_source == "jumpcloud:manual" else API
    known = {"username": email.partition("@")[0], "email": email, "state": "ACTIVATED", **values}
    [user] = services.create_users(TESTER, source, [NewUser(known, creation_source)])
    assert isinstance(user, User)
    return user


def carried() -> dict[str, str]:
    """Whose user each is, by e-mail."""
    rows = ExternalIdentity.objects.values_list("user__email", "external_id")
    return dict(rows)


def change(run: Run, employee_id: str) -> ChangeRecord:
    return ChangeRecord.objects.get(run=run, employee_id=employee_id)


@pytest.mark.parametrize(
    ("creation_source", "words"),
    [
        ("jumpcloud:manual", "made by hand"),
        ("jumpcloud:api", "made through the API"),
        ("jumpcloud:bulk", "made through the API"),
        ("jumpcloud:scim", "made through SCIM"),
        ("jumpcloud:custom_integration", "no source knows it now"),
    ],
)
def test_whom_no_import_made_is_a_conflict_without_a_tick(creation_source: str, words: str) -> None:
    made("ada@example.org", creation_source, firstname="Ada", jobTitle="Owner")
    run = imported(CLUB)
    accounted(run)
    assert results(run) == {"1": "conflict", "2": "created"}
    assert change(run, "1").reason["code"] == "adopt_not_ticked"
    assert words in change(run, "1").change.warnings[0].text()
    assert carried() == {"bo@example.org": "2"}
    assert User.objects.get(email="ada@example.org").lastname == ""


def test_who_reports_to_a_conflict_gets_no_manager_and_is_told() -> None:
    made("ada@example.org")
    run = imported(CLUB)
    assert User.objects.get(email="bo@example.org").manager is None
    assert change(run, "2").warnings[-1]["code"] == "manager_not_created"


def test_the_option_agrees_for_all() -> None:
    ada = made("ada@example.org", "jumpcloud:scim")
    made("bo@example.org")
    run = imported(CLUB, options=ADOPT)
    accounted(run)
    assert run.counts == {"updated": 2}
    assert carried() == {"ada@example.org": "1", "bo@example.org": "2"}
    assert User.objects.get(email="bo@example.org").manager == ada
    assert imported(CLUB).counts == {"unchanged": 2}


def test_in_a_preview_each_is_ticked_by_itself_and_the_others_are_conflicts() -> None:
    made("ada@example.org")
    made("bo@example.org")
    run = imported(CLUB, review=True)
    assert run.counts == {"update": 2}
    assert ticks.waiting(run.changes.all()).count() == 2
    ticks.tick(TESTER, run.pk, run.changes.filter(employee_id="2"))
    event = Event.objects.get(action="import.tick")
    assert event.after == {"ticked": True, "count": 1, "employees": ["2"]}
    run = approved(run)
    accounted(run)
    assert results(run) == {"1": "conflict", "2": "updated"}
    assert change(run, "1").error == {"code": "not_ticked", "params": {}}
    assert carried() == {"bo@example.org": "2"}
    assert User.objects.get(email="bo@example.org").manager is None


def test_a_tick_can_be_taken_away_and_none_is_given_after_the_review() -> None:
    made("ada@example.org")
    run = imported(CLUB, review=True)
    everybody = run.changes.all()
    assert ticks.tick(TESTER, run.pk, everybody) == 1
    assert ticks.tick(TESTER, run.pk, everybody, ticked=False) == 1
    assert results(approved(run))["1"] == "conflict"
    with pytest.raises(WrongState, match="nothing was ticked"):
        ticks.tick(TESTER, run.pk, everybody)


def test_choosing_everybody_ticks_nobody() -> None:
    from rollcall.imports.choices import Choice, choose

    made("ada@example.org")
    run = imported(CLUB, review=True)
    choose(TESTER, run.pk, Choice.EVERYONE, run.changes.all())
    assert ticks.waiting(run.changes.all()).count() == 1


def test_whom_another_source_s_import_made_is_met_by_email_as_ever() -> None:
    imported(CLUB)
    other = replace(CLUB, club="go")
    run = imported(other)
    assert run.counts == {"updated": 2}
    assert ExternalIdentity.objects.count() == 4


def test_who_signs_in_here_needs_a_tick_whoever_made_them() -> None:
    imported(CLUB)
    account = Account.objects.create(email="ada@example.org")
    accounts.link(TESTER, account, User.objects.get(email="ada@example.org"))
    run = imported(replace(CLUB, club="go"))
    assert results(run) == {"1": "conflict", "2": "updated"}
    assert "signs in to Rollcall" in change(run, "1").change.warnings[1].text()
    # her own source knows her as ever
    assert imported(CLUB).counts == {"unchanged": 2}


def test_a_scheduled_import_takes_nobody_over() -> None:
    from rollcall.imports.source_accounts import seal_account

    connection = runs.connection_for(CLUB)
    connection.options = Options(adopt=True, same_person=("1",)).to_record()
    connection.sealed_credentials = seal_account(CLUB)
    connection.save()
    asked = schedule._request(connection)
    assert (asked.options.adopt, asked.options.same_person) == (False, ())


def moved(run: Run) -> str:
    """What became of Ada's change, which was ticked before something moved."""
    ticks.tick(TESTER, run.pk, run.changes.all())
    ended = approved(run)
    accounted(ended)
    row = change(ended, "1")
    assert row.result == "conflict", row.result
    assert row.error is not None
    return str(row.error["code"])


def test_a_tick_is_refused_by_name_once_somebody_can_sign_in_as_the_user() -> None:
    ada = made("ada@example.org")
    run = imported(CLUB, review=True)
    accounts.link(TESTER, Account.objects.create(email="ada@example.org"), ada)
    assert moved(run) == "tick_moved_account"
    assert "ada" in change(run, "1").outcome.error.text()  # type: ignore[union-attr]  # it is there
    assert "1" not in carried().values()


def test_a_tick_is_refused_by_name_once_the_user_has_another_email() -> None:
    ada = made("ada@example.org")
    run = imported(CLUB, review=True)
    services.update_users(TESTER, HAND, [UserChange(ada.pk, {"email": "other@example.org"})])
    assert moved(run) == "tick_moved_email"


def test_a_tick_is_refused_by_name_once_the_user_is_another_employee_s() -> None:
    ada = made("ada@example.org")
    run = imported(CLUB, review=True)
    ExternalIdentity.objects.create(user=ada, source=CLUB.key, external_id="7")
    assert moved(run) == "tick_moved_employee"
    assert carried() == {"ada@example.org": "7", "bo@example.org": "2"}


def test_two_previews_take_a_user_over_once() -> None:
    made("ada@example.org")
    first, second = imported(CLUB, review=True), imported(CLUB, review=True)
    for run in (first, second):
        ticks.tick(TESTER, run.pk, run.changes.all())
    assert approved(first).counts == {"updated": 1, "created": 1}
    events = Event.objects.filter(action="user.update").count()
    again = approved(second)
    accounted(again)
    assert results(again) == {"1": "unchanged", "2": "skipped"}
    assert change(again, "1").error == {"code": "written_since", "params": {}}
    assert Event.objects.filter(action="user.update").count() == events


GONE = replace(CLUB, members=(ADA.replace("member", "Gone"), BO))
AGAIN = "9;Ada;Byron;ada@example.org;member;"
REHIRED = replace(CLUB, members=(ADA.replace("member", "Gone"), BO, AGAIN))


def test_a_rehire_is_a_conflict_until_somebody_says_that_it_is_the_same_person() -> None:
    imported(CLUB)
    User.objects.update(state="ACTIVATED")
    run = imported(REHIRED, options=ADOPT)
    accounted(run)
    assert results(run) == {"1": "skipped", "2": "unchanged", "9": "conflict"}
    assert change(run, "9").reason["code"] == "same_person_not_ticked"
    assert set(User.objects.values_list("state", flat=True)) == {"ACTIVATED"}
    named = imported(REHIRED, options=Options(same_person=("9",)))
    accounted(named)
    assert results(named) == {"1": "skipped", "2": "unchanged", "9": "updated"}
    assert carried() == {"ada@example.org": "9", "bo@example.org": "2"}
    event = Event.objects.filter(action="user.update").latest("pk")
    assert (event.before["external_id"], event.after["external_id"]) == ("1", "9")
    later = imported(REHIRED)
    assert results(later) == {"1": "skipped", "2": "unchanged", "9": "unchanged"}
    assert imported(replace(REHIRED, members=(BO, AGAIN))).counts == {"unchanged": 2}


def test_a_rehire_of_a_later_day_gets_the_suspended_user_back() -> None:
    imported(CLUB)
    imported(GONE)
    options = Options(same_person=("9",), reactivation_allowed=True)
    run = imported(REHIRED, options=options)
    assert results(run)["9"] == "reactivated"
    assert User.objects.count() == 2


def test_a_rehire_that_moved_since_is_refused_by_name() -> None:
    imported(CLUB)
    run = imported(REHIRED, review=True)
    ada = User.objects.get(email="ada@example.org")
    ExternalIdentity.objects.filter(user=ada).delete()
    ticks.tick(TESTER, run.pk, run.changes.all())
    ended = approved(run)
    accounted(ended)
    error = change(ended, "9").error
    assert error is not None
    assert error["code"] == "tick_moved_unlinked"


def test_a_takeover_costs_the_same_few_statements_for_all(
    django_assert_max_num_queries: Any,
) -> None:
    from rollcall.provisioning.user import State
    from rollcall.targets.builtin.batches import Batch, write

    for number in range(40):
        made(f"p{number}@example.org")
    people = tuple(f"{n};P;Q;p{n}@example.org;member;" for n in range(40))
    run = imported(replace(CLUB, members=people), review=True)
    changes = [row.change for row in run.changes.all()]
    with django_assert_max_num_queries(12):
        write(changes, Batch(TESTER, CLUB.key, "jumpcloud:custom_integration", State.STAGED))
    assert len(carried()) == 40


@pytest.mark.usefixtures("transactional_db")
def test_who_is_linked_while_an_import_takes_the_user_over_is_linked_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody slips an account in between the import's look at it and its commit."""
    ada = made("ada@example.org")
    account = Account.objects.create(email="ada@example.org")
    order: list[str] = []
    begun = threading.Event()

    def link() -> None:
        try:
            begun.set()
            accounts.link(TESTER, account, ada)
            order.append("linked")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        looked = batches._takeovers

        def look_then_wait(*given: Any) -> Any:
            found = looked(*given)
            links.append(threads.submit(link))
            begun.wait(10)
            with pytest.raises(TimeoutError):
                links[0].result(0.3)
            return found

        links: list[Future[None]] = []
        monkeypatch.setattr(batches, "_takeovers", look_then_wait)
        run = imported(CLUB, options=ADOPT)
        links[0].result(30)
    assert order == ["linked"]
    assert results(run)["1"] == "updated"
    assert Account.objects.get(pk=account.pk).user_id == ada.pk
