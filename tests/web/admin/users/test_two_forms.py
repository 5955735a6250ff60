"""Two people who edit one user at the same time lose nothing of each other's."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from rollcall.directory.models import User
from tests.targets.builtin.people import person

pytestmark = pytest.mark.django_db

TEXTS = ("username", "email", "firstname", "lastname", "department", "jobTitle")


def seen_in(page: bytes) -> str:
    found = re.search(r'name="seen"\s+value="([^"]*)"', page.decode())
    assert found
    return html.unescape(found.group(1))


def opened(portal: Client, user: User) -> dict[str, str]:
    page = portal.get(f"/users/{user.pk}/edit/").content
    return {name: getattr(user, name) for name in TEXTS} | {"seen": seen_in(page)}


def test_what_two_forms_change_in_different_fields_is_both_kept(admin: Client) -> None:
    user = person(1, department="Purchasing", jobTitle="Buyer")
    one, other = opened(admin, user), opened(admin, user)
    admin.post(f"/users/{user.pk}/edit/", one | {"department": "Sales"})
    admin.post(f"/users/{user.pk}/edit/", other | {"jobTitle": "Seller"})
    user.refresh_from_db()
    assert (user.department, user.jobTitle) == ("Sales", "Seller")


def test_a_clash_shows_both_values_and_saving_again_writes_ones_own(admin: Client) -> None:
    user = person(1, department="Purchasing", jobTitle="Buyer")
    one, other = opened(admin, user), opened(admin, user)
    admin.post(f"/users/{user.pk}/edit/", one | {"department": "Sales", "jobTitle": "Head"})
    answer = admin.post(f"/users/{user.pk}/edit/", other | {"department": "Legal"})
    assert answer.status_code == 200
    user.refresh_from_db()
    assert user.department == "Sales"
    assert "Sales" in answer.content.decode()
    assert "Legal" in answer.content.decode()
    again = other | {"department": "Legal", "seen": seen_in(answer.content)}
    admin.post(f"/users/{user.pk}/edit/", again)
    user.refresh_from_db()
    assert (user.department, user.jobTitle) == ("Legal", "Head")
