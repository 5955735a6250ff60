"""Administrators hear 60, 30 and 7 days and 24 hours before a certificate ends, once each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rollcall.access.saml import certificates, warnings
from rollcall.access.saml.models import Certificate
from rollcall.accounts import services as accounts
from rollcall.accounts.models import Role
from rollcall.mail.models import OutgoingMessage
from tests.access.saml.service_provider import ServiceProvider
from tests.actors import TESTER

DAY = 24


@pytest.mark.parametrize(
    ("hours_left", "warned", "expected"),
    [
        (61 * DAY, None, None),
        (60 * DAY, None, 60 * DAY),
        (59 * DAY, 60 * DAY, None),
        (30 * DAY, 60 * DAY, 30 * DAY),
        (7 * DAY, 30 * DAY, 7 * DAY),
        (24, 7 * DAY, 24),
        (1, 24, None),
        (5 * DAY, None, 7 * DAY),
        (0, None, None),
        (-5, 60 * DAY, None),
    ],
)
def test_a_warning_is_due_once_at_each_time(
    hours_left: int, warned: int | None, expected: int | None
) -> None:
    now = timezone.now()
    assert warnings.due(now + timedelta(hours=hours_left), warned, now) == expected


@pytest.mark.django_db
def test_every_administrator_gets_it_and_nobody_gets_it_twice(wiki: ServiceProvider) -> None:
    for name in ("ada", "bo"):
        accounts.create(TESTER, f"{name}@example.com", {Role.ADMINISTRATOR})
    accounts.create(TESTER, "reader@example.com", {Role.READ_ONLY})
    assert warnings.warn() == 0
    Certificate.objects.update(not_after=timezone.now() + timedelta(days=6))
    assert (warnings.warn(), warnings.warn()) == (1, 0)
    messages = OutgoingMessage.objects.filter(purpose=warnings.PURPOSE)
    assert sorted(message.recipient for message in messages) == [
        "ada@example.com",
        "bo@example.com",
    ]


@pytest.mark.django_db
def test_of_one_that_signs_no_more_nobody_hears(wiki: ServiceProvider) -> None:
    accounts.create(TESTER, "ada@example.com", {Role.ADMINISTRATOR})
    old = certificates.current(wiki.connection)
    certificates.use(TESTER, certificates.rotate(TESTER, wiki.connection))
    Certificate.objects.filter(pk=old.pk).update(not_after=timezone.now() + timedelta(days=6))
    assert warnings.warn() == 0
