"""What an import costs in requests where the cloud is Rollcall's own API."""

from __future__ import annotations

from math import ceil

import pytest
from pytest_django.live_server_helper import LiveServer

from rollcall.accounts import api_keys
from rollcall.directory.models import User
from rollcall.provisioning.change import Kind
from rollcall.targets import jumpcloud
from rollcall.targets.jumpcloud import JumpCloudTarget
from tests.actors import TESTER
from tests.targets.jumpcloud.conftest import QUICK
from tests.targets.jumpcloud.people import Memory, change
from tests.targets.jumpcloud.test_requests import CONSTANT, first_import

OLD, NEW = 350, 1000
POLLS = 1
"""Rollcall carries a job out inside the request, so the first look at its results is the last."""


@pytest.fixture
def ours(live_server: LiveServer) -> jumpcloud.Account:
    """The built-in directory behind its API, with some users and a key."""
    User.objects.bulk_create(
        User(username=f"old{number}", email=f"old{number}@example.org") for number in range(OLD)
    )
    _, secret = api_keys.create(TESTER, "import")
    return jumpcloud.Account(live_server.url, secret)


def test_a_first_import_into_rollcall_keeps_to_the_formula(ours: jumpcloud.Account) -> None:
    with JumpCloudTarget(ours, pace=QUICK) as directory:
        users = first_import(directory, NEW)
        batches = ceil(NEW / directory.batch_size)
        assert directory.requests <= ceil(OLD / 100) + 2 * batches * (1 + POLLS) + CONSTANT
    assert len(users) == NEW
    assert User.objects.count() == OLD + NEW
    assert User.objects.filter(manager_id=users["0"]).count() == NEW - 1

    with JumpCloudTarget(ours, pace=QUICK) as directory:
        directory.check()
        directory.default_state()
        assert sum(1 for _ in directory.users()) == OLD + NEW
        assert directory.requests <= ceil((OLD + NEW) / 100) + CONSTANT


def test_adopting_a_hundred_users_is_one_job_and_a_clash_is_one_persons(
    ours: jumpcloud.Account,
) -> None:
    ids = list(User.objects.order_by("username").values_list("pk", flat=True)[:100])
    taken = User.objects.get(pk=ids[99]).email
    changes = [
        change(Kind.UPDATE, n, one, {"jobTitle": ("", "Buyer")}, external_id=str(n))
        for n, one in enumerate(ids[:98])
    ]
    changes.append(change(Kind.UPDATE, 98, ids[98], {"email": ("", taken)}, external_id="98"))
    journal = Memory()
    with JumpCloudTarget(ours, pace=QUICK) as directory:
        directory.apply(changes, journal)
        # who has the identifiers, the users as they are, the job, its results, who has the e-mail
        assert directory.requests == 5
    assert journal.codes() == {"98": "email_taken"}
    with JumpCloudTarget(ours, pace=QUICK) as directory:
        carried = {one.id: one.external_id for one in directory.users()}
    assert [carried[one] for one in ids[:98]] == [str(n) for n in range(98)]
