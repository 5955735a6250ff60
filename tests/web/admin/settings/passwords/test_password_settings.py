"""Settings → Password Settings: the default, those of user groups, and their order."""

from __future__ import annotations

import pytest
from django.test import Client

from rollcall.accounts import password_policies
from rollcall.accounts.models import PasswordPolicy
from rollcall.directory.models import UserGroup
from tests.web.html import form_values
from tests.web.world import World

pytestmark = pytest.mark.django_db
HERE = "/settings/passwords/"


def filled(client: Client, where: str, **changes: object) -> dict[str, object]:
    """The form of this page as the browser has it, with these values typed into it."""
    return {**form_values(client.get(where).content.decode()), **changes}


def test_the_default_is_changed_and_shown(admin: Client) -> None:
    form = filled(admin, f"{HERE}default/", min_length="16", needs_digit="on")
    assert admin.post(f"{HERE}default/", form)["Location"] == HERE
    kept = password_policies.default()
    assert (kept.min_length, kept.needs_digit, kept.locks_after) == (16, True, 10)
    page = admin.get(HERE).content.decode()
    assert "At least 16 characters." in page
    assert "With a digit." in page
    assert "Locked after 10 wrong passwords." in page
    assert "Signed in for 12 hours." in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("min_length", "7"),
        ("min_length", "65"),
        ("history", "25"),
        ("locks_after", "2"),
        ("unlocks_after_minutes", "91"),
        ("expires_after_days", "0"),
        ("session_hours", "0"),
    ],
)
def test_what_is_out_of_range_is_refused(admin: Client, field: str, value: str) -> None:
    answer = admin.post(f"{HERE}default/", filled(admin, f"{HERE}default/", **{field: value}))
    assert answer.status_code == 200
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_settings_of_groups_are_made_ordered_changed_and_deleted(
    admin: Client, world: World
) -> None:
    form = filled(admin, f"{HERE}new/", name="Strict", min_length="20", groups=world.group.pk)
    admin.post(f"{HERE}new/", form)
    made = PasswordPolicy.objects.get(name="Strict")
    assert (made.position, made.groups.get()) == (2, world.group)
    admin.post(HERE, {"raise": made.pk})
    assert password_policies.ordered()[0] == made
    where = f"{HERE}{made.pk}/"
    admin.post(where, filled(admin, where, min_length="22", expires_after_days=""))
    made.refresh_from_db()
    assert (made.min_length, made.expires_after_days) == (22, None)
    assert "Delete Strict?" in admin.post(where, {"action": "delete"}).content.decode()
    admin.post(where, {"action": "delete", "confirmed": "yes"})
    assert not PasswordPolicy.objects.filter(name="Strict").exists()


def test_two_have_no_name_in_common(admin: Client, world: World) -> None:
    form = filled(admin, f"{HERE}new/", name=world.password_policy.name.upper())
    assert "have this name already" in admin.post(f"{HERE}new/", form).content.decode()


def test_a_deleted_groups_settings_hold_for_nobody(admin: Client, world: World) -> None:
    UserGroup.objects.all().delete()
    assert "it holds for nobody" in admin.get(HERE).content.decode()
