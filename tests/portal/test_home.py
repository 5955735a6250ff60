"""Home: one glance, with or without anything to show."""

from __future__ import annotations

import pytest
from django.test import Client

from rollcall.directory.builtin.models import User
from rollcall.imports.models import ChangeRecord, Run

pytestmark = pytest.mark.django_db


def test_it_shows_states_the_last_import_attention_and_who_starts(admin: Client) -> None:
    page = admin.get("/").content.decode()
    for text in ("Staged", "Suspended", "Import 1", "Noor Haddad", "Jonas Weiß"):
        assert text in page
    assert "Amelie" not in page


def test_it_says_what_to_do_when_there_is_nothing(admin: Client) -> None:
    ChangeRecord.objects.all().delete()
    Run.objects.all().delete()
    User.objects.all().delete()
    page = admin.get("/").content.decode()
    assert "No import yet" in page
    assert "Configure Personio under SSO Applications" in page
