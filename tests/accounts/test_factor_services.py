"""What is set for second factors, for everybody, groups and users; in Python and in SQL alike."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rollcall.accounts import factor_services, factors, second_factors, user_accounts
from rollcall.accounts.factor_queries import findable
from rollcall.accounts.factor_rules import TOTP, WEBAUTHN, overall
from rollcall.accounts.factor_services import FactorRules
from rollcall.accounts.models import Account
from rollcall.accounts.user_models import FactorGroup, FactorSettings, UserFactors
from rollcall.audit.models import Event
from rollcall.directory.models import Membership, User, UserGroup
from tests.actors import ADMIN
from tests.web.world import World

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
EVERYBODY = FactorRules(frozenset({TOTP, WEBAUTHN}), True, 7, True, frozenset())


def account_of(user: User) -> Account:
    """The account of this user."""
    return Account.objects.get_or_create(email=user.email, defaults={"user": user})[0]


def test_what_is_saved_holds_and_is_recorded(world: World) -> None:
    groups = frozenset({world.group.pk})
    factor_services.save(ADMIN, FactorRules(frozenset({WEBAUTHN}), False, 3, False, groups))
    now = factor_services.current()
    assert now.allowed == {WEBAUTHN}
    assert (now.passkey_sign_in, now.enrolment_days) == (False, 3)
    assert (now.everybody, now.groups) == (False, groups)
    event = Event.objects.get(action="settings.mfa.save")
    assert event.after["groups"] == [world.group.name]
    factor_services.save(ADMIN, now)
    assert Event.objects.filter(action="settings.mfa.save").count() == 1


def test_a_rule_that_is_there_keeps_the_time_of_its_beginning(world: World) -> None:
    factor_services.save(ADMIN, EVERYBODY)
    FactorSettings.objects.update(required_since=timezone.now() - 5 * DAY)
    factor_services.save(ADMIN, FactorRules(frozenset({TOTP}), True, 6, True, frozenset()))
    until = second_factors.enrolment_of(account_of(world.user)).until
    assert until is not None
    assert until - timezone.now() > 5 * DAY  # of the account, which is younger
    Account.objects.update(date_joined=timezone.now() - 9 * DAY)
    assert second_factors.is_missing(account_of(world.user)) is False
    FactorSettings.objects.update(required_since=timezone.now() - 7 * DAY)
    assert second_factors.is_missing(account_of(world.user)) is True


def test_members_of_a_group_need_a_factor_from_when_they_join(world: World) -> None:
    groups = frozenset({world.group.pk})
    factor_services.save(ADMIN, FactorRules(frozenset({TOTP}), True, 0, False, groups))
    other = User.objects.get(username="jonas.weiss")
    assert second_factors.is_missing(account_of(world.user))
    assert not second_factors.is_missing(account_of(other))
    Membership.objects.create(group=world.group, user=other)
    assert second_factors.is_missing(account_of(other))


def test_a_factor_is_required_of_one_user_and_no_longer(world: World) -> None:
    other = User.objects.get(username="jonas.weiss")
    assert factor_services.require_of(ADMIN, [world.user.pk, other.pk], True) == 2
    assert factor_services.require_of(ADMIN, [world.user.pk], True) == 0
    assert factors.of(account_of(world.user)).enrolment.required
    assert factor_services.require_of(ADMIN, [world.user.pk], False) == 1
    assert not factors.of(account_of(world.user)).enrolment.required
    events = Event.objects.filter(action="user.second_factor.require", target_id=world.user.pk)
    assert [event.after for event in events.order_by("pk")] == [
        {"required": True},
        {"required": False},
    ]


def test_a_reset_takes_the_factors_and_may_begin_a_period(world: World) -> None:
    factor_services.save(ADMIN, FactorRules(frozenset({TOTP}), True, 0, True, frozenset()))
    account = account_of(world.user)
    Authenticator.objects.create(user=account, type=TOTP, data={})
    assert not second_factors.is_missing(account)
    until = timezone.now() + 2 * DAY
    assert user_accounts.reset_factors(ADMIN, [world.user.pk], until) == 1
    assert not Authenticator.objects.filter(user=account).exists()
    assert second_factors.enrolment_of(account).until == until
    user_accounts.reset_factors(ADMIN, [world.user.pk])
    assert second_factors.is_missing(account)
    events = Event.objects.filter(action="account.second_factor.reset").order_by("pk")
    assert [event.after for event in events] == [{"excluded_until": until.isoformat()}]


def test_an_administrators_factors_are_left_alone(world: World) -> None:
    account = world.people["administrator"]
    Account.objects.filter(pk=account.pk).update(user=world.user)
    Authenticator.objects.create(user=account, type=TOTP, data={})
    assert user_accounts.reset_factors(ADMIN, [world.user.pk], timezone.now() + DAY) == 0
    assert Authenticator.objects.filter(user=account).exists()
    assert not UserFactors.objects.exists()


def test_a_page_asks_once_for_whoever_is_signed_in(world: World) -> None:
    factor_services.save(ADMIN, EVERYBODY)
    account = Account.objects.get(pk=account_of(world.user).pk)
    with CaptureQueriesContext(connection) as queries:
        second_factors.is_missing(account)
    assert len(queries) == 1


def test_lists_ask_the_same_for_many(world: World) -> None:
    ids = list(User.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as few:
        factors.of_users(ids[:1])
    with CaptureQueriesContext(connection) as many:
        factors.of_users(ids)
    assert len(few) == len(many) == 2


def test_sql_says_what_the_rules_say(db: None) -> None:
    now = timezone.now()
    made = _everybody_differs(now)
    for since, days in ((None, 7), (now - 5 * DAY, 7), (now - 50 * DAY, 0)):
        FactorSettings.objects.update_or_create(
            pk=1, defaults={"required_since": since, "enrolment_days": days}
        )
        known = factors.of_users([user.pk for user in made])
        columns = ("pk", "username", "has_factor", "in_enrolment", "factor_status", "has_totp")
        rows: Any = findable(User.objects.get_queryset())
        for row in rows.annotate(**{name: F(name) for name in columns[2:]}).values_list(*columns):
            enrolment, person = known[row[0]].enrolment, known[row[0]].person
            assert row[2:] == (
                enrolment.configured,
                enrolment.in_period,
                overall(enrolment).value,
                TOTP in person.set_up,
            ), (row[1], since, days)


def _everybody_differs(now: datetime) -> list[User]:
    """A user for each combination of rule, period, age of the account and factor."""
    group = UserGroup.objects.create(name="Required")
    FactorGroup.objects.create(group=group, since=now - 3 * DAY)
    ages = (None, now - DAY, now - 90 * DAY)
    periods = (None, now - 60 * DAY, now + DAY)
    kinds = itertools.product((None, "own", "group"), periods, ages, ("", TOTP))
    users = []
    for number, (rule, until, joined, factor) in enumerate(kinds):
        user = User.objects.create(username=f"u{number}", email=f"u{number}@example.org")
        users.append(user)
        if rule == "group":
            Membership.objects.create(group=group, user=user)
        since = now - 20 * DAY if rule == "own" else None
        UserFactors.objects.create(user=user, required_since=since, excluded_until=until)
        if joined is not None:
            account = account_of(user)
            Account.objects.filter(pk=account.pk).update(date_joined=joined)
            if factor:
                Authenticator.objects.create(user=account, type=factor, data={})
    return users
