"""Policies and IP lists are written in one place, with an event, and not without a second look."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from rollcall.access.policies import books, services
from rollcall.access.policies.decision.facts import ResourceType
from rollcall.access.policies.decision.faults import Malformed
from rollcall.access.policies.decision.policy import Default
from rollcall.access.policies.errors import Gone, InUse, NeedsConfirmation
from rollcall.access.policies.models import AccessPolicy, IpList
from rollcall.accounts import services as accounts
from rollcall.accounts.models import Account, Role
from rollcall.audit.models import Event
from rollcall.directory.models import User
from rollcall.privacy import registry
from rollcall.privacy.subject import Subject
from tests.access.policies.conftest import document
from tests.actors import ADMIN, TESTER

pytestmark = pytest.mark.django_db


def events() -> list[tuple[str, str]]:
    kinds = ("policy.", "ip_list.", "break_glass.")
    rows = Event.objects.order_by("pk").values_list("action", "event_type")
    return [(action, type_) for action, type_ in rows if action.startswith(kinds)]


def test_a_policy_is_made_changed_and_deleted_each_with_its_event() -> None:
    made = services.create_policy(ADMIN, document("Office"))
    changed = services.update_policy(ADMIN, made.pk, {"disabled": True})
    assert (changed.name, changed.disabled, changed.type) == ("Office", True, "admin_portal")
    services.delete_policy(ADMIN, made.pk)
    assert not AccessPolicy.objects.exists()
    assert events() == [
        ("policy.create", "authnpolicy_create"),
        ("policy.update", "authpolicy_update"),
        ("policy.delete", "authnpolicy_delete"),
    ]
    assert Event.objects.get(action="policy.update").changes == [
        {"field": "disabled", "from": False, "to": True}
    ]


def test_what_is_gone_is_said_to_be() -> None:
    for call in (
        lambda: services.update_policy(ADMIN, "0" * 24, {}),
        lambda: services.delete_policy(ADMIN, "0" * 24),
        lambda: services.update_ip_list(ADMIN, "0" * 24, {}),
        lambda: services.delete_ip_list(ADMIN, "0" * 24),
    ):
        with pytest.raises(Gone):
            call()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"description": "x" * 1025}, "description"),
        ({"targets": {}}, "targets"),
        ({"conditions": {"ipAddressIn": ["nowhere"]}}, "conditions"),
        ({"conditions": {"expression": "1"}}, "conditions.expression"),
        ({"targets": {"users": {"inclusions": ["x" * 60] * 5000}}}, "policy"),
    ],
)
def test_a_malformed_policy_is_refused_by_field(fields: dict[str, Any], expected: str) -> None:
    with pytest.raises(Malformed) as caught:
        services.create_policy(ADMIN, replace(document(), **fields))
    assert [fault.field for fault in caught.value.faults] == [expected]
    assert not AccessPolicy.objects.exists()


def test_an_ip_list_is_refused_with_its_wrong_entries() -> None:
    with pytest.raises(Malformed) as caught:
        services.create_ip_list(ADMIN, {"name": "", "ips": ["192.0.2.0/24", "x", "10.0.0.300"]})
    assert [fault.field for fault in caught.value.faults] == ["name", "ips", "ips"]
    with pytest.raises(Malformed):
        services.create_ip_list(ADMIN, {"name": "Many", "ips": ["10.0.0.1"] * 5001})


def test_an_ip_list_that_a_policy_names_stays(office: IpList) -> None:
    policy = services.create_policy(
        ADMIN, document("Office", "deny", {"not": {"any": [{"ipAddressIn": [office.pk]}]}})
    )
    with pytest.raises(InUse) as caught:
        services.delete_ip_list(ADMIN, office.pk)
    assert caught.value.names == ["Office"]
    services.delete_policy(ADMIN, policy.pk)
    services.delete_ip_list(ADMIN, office.pk)
    assert not IpList.objects.exists()


def test_the_last_administrator_is_not_shut_out_without_a_second_look(
    administrator: Account,
) -> None:
    everybody_out = document("Nobody", "deny")
    with pytest.raises(NeedsConfirmation) as caught:
        services.create_policy(ADMIN, everybody_out)
    assert "no administrator could sign in" in str(caught.value)
    assert not AccessPolicy.objects.exists()
    assert events() == []
    services.create_policy(ADMIN, everybody_out, confirmed=True)
    assert AccessPolicy.objects.count() == 1


def test_an_administrator_without_a_factor_is_shut_out_by_a_policy_that_asks_for_one(
    administrator: Account,
) -> None:
    mfa = {"action": "allow", "obligations": {"mfa": {"required": True}}}
    with pytest.raises(NeedsConfirmation):
        services.create_policy(ADMIN, document("MFA", mfa))


def test_where_the_administrator_sits_counts(administrator: Account, office: IpList) -> None:
    outside = document("Office only", "deny", {"ipAddressNotIn": [office.pk]})
    services.create_policy(ADMIN, outside)
    with pytest.raises(NeedsConfirmation):
        services.update_ip_list(ADMIN, office.pk, {"ips": ["192.0.2.0/24"]})
    assert IpList.objects.get().ips == ["127.0.0.0/8"]


def test_deleting_what_lets_in_is_looked_at_as_well(administrator: Account) -> None:
    admin = services.create_policy(ADMIN, document("Admins"))
    services.set_default(ADMIN, ResourceType.ADMIN_PORTAL, Default.DENY)
    with pytest.raises(NeedsConfirmation):
        services.delete_policy(ADMIN, admin.pk)
    with pytest.raises(NeedsConfirmation):
        services.update_policy(ADMIN, admin.pk, {"disabled": True})


def test_ip_lists_and_defaults_leave_an_event_too(office: IpList) -> None:
    services.update_ip_list(ADMIN, office.pk, {"name": "HQ"})
    services.delete_ip_list(ADMIN, office.pk)
    services.set_default(ADMIN, ResourceType.APPLICATION, Default.DENY)
    services.set_default(ADMIN, ResourceType.APPLICATION, Default.DENY)
    assert events() == [
        ("ip_list.create", "iplist_create"),
        ("ip_list.update", "iplist_update"),
        ("ip_list.delete", "iplist_delete"),
        ("policy.default.save", "authnpolicy_fallback_update"),
    ]


def test_a_break_glass_account_is_the_way_back_in(administrator: Account) -> None:
    assert services.set_break_glass(ADMIN, administrator, True)
    assert not services.set_break_glass(ADMIN, administrator, True)
    services.create_policy(ADMIN, document("Nobody", "deny"))
    assert events()[0] == ("break_glass.change", "admin_update")


def test_a_policy_that_is_off_is_in_no_rulebook() -> None:
    services.create_policy(ADMIN, replace(document("Nobody", "deny"), disabled=True))
    assert books.current().policies == ()


def test_a_rulebook_is_compiled_once_for_each_edition() -> None:
    services.create_policy(ADMIN, document("A"))
    first = books.current()
    with CaptureQueriesContext(connection) as queries:
        assert books.current() is first
    assert len(queries) == 1
    services.create_policy(ADMIN, document("B"))
    assert [policy.name for policy in books.current().policies] == ["A", "B"]


def test_what_was_rolled_back_decides_nothing() -> None:
    services.create_policy(ADMIN, document("A"))

    with transaction.atomic():
        services.create_policy(ADMIN, document("B"))
        assert len(books.current().policies) == 2
        transaction.set_rollback(True)
    assert [policy.name for policy in books.current().policies] == ["A"]


def test_an_erased_person_is_in_no_policy_and_the_policy_is_for_nobody_else() -> None:
    user = User.objects.create(username="mara", email="mara@example.org")
    policy = services.create_policy(
        ADMIN, document("One", "deny", targets={"users": {"inclusions": [user.pk]}})
    )
    [records] = [
        one for one in registry.records() if "policies.AccessPolicy.targets" in one.columns
    ]
    subject = Subject(user_id=user.pk, emails=frozenset({"mara@example.org"}))
    assert records.find(subject) == {"policies.AccessPolicy": 1}
    assert records.erase(subject, ADMIN) == 1
    policy.refresh_from_db()
    assert user.pk not in str(policy.targets)
    [compiled] = books.current().policies
    assert not compiled.targets.everybody


def test_a_suspended_administrator_is_no_way_in(administrator: Account, office: IpList) -> None:
    user = User.objects.create(username="ada", email="ada@example.com", state="SUSPENDED")
    other = accounts.create(TESTER, "grace@example.com", {Role.ADMINISTRATOR})
    accounts.link(ADMIN, other, user)
    targets = {"users": {"inclusions": ["ALL"], "exclusions": [user.pk]}}
    everybody_else_out = document("Nobody else", "deny", targets=targets)
    with pytest.raises(NeedsConfirmation):
        services.create_policy(ADMIN, everybody_else_out)
    User.objects.filter(pk=user.pk).update(state="ACTIVATED")
    services.create_policy(ADMIN, everybody_else_out)


@pytest.mark.parametrize("text", ["\0", "\ud800"])
def test_what_no_database_keeps_is_refused(text: str) -> None:
    conditions = {"expression": f"ip == '{text}'"}
    with pytest.raises(Malformed):
        services.create_policy(ADMIN, document("P", "deny", conditions))
