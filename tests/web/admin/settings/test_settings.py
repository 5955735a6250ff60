"""Settings: default user states, notifications."""

from __future__ import annotations

import pytest
from django.test import Client

from rollcall.audit.models import Event
from rollcall.directory.models import Organization
from rollcall.mail.models import Notifications

pytestmark = pytest.mark.django_db


def test_the_default_user_state_is_saved_for_each_source(admin: Client) -> None:
    form = {"manualEntry": "STAGED", "csvImport": "ACTIVATED", "applicationImport": "ACTIVATED"}
    form["username_length"] = "20"
    answer = admin.post("/settings/user-management/", form, follow=True)
    assert "Saved." in answer.content.decode()
    saved = Organization.the()
    assert (saved.manualEntry, saved.csvImport, saved.applicationImport) == (
        "STAGED",
        "ACTIVATED",
        "ACTIVATED",
    )


def test_the_page_carries_the_labels_of_the_guide(admin: Client) -> None:
    page = admin.get("/settings/user-management/").content.decode()
    for label in (
        "Default user state",
        "Manual creation",
        "CSV import",
        "Application / Directory Integrations",
        "Save",
    ):
        assert label in page


def test_a_change_of_settings_is_in_the_audit_log_with_before_and_after(admin: Client) -> None:
    form = {"manualEntry": "ACTIVATED", "csvImport": "ACTIVATED", "applicationImport": "STAGED"}
    admin.post("/settings/user-management/", form)
    entry = Event.objects.latest("pk")
    assert (entry.actor_name, entry.client_ip) == ("administrator@example.com", "127.0.0.1")
    assert (entry.before, entry.after) == ({"csvImport": "STAGED"}, {"csvImport": "ACTIVATED"})


def test_the_threshold_and_the_sender_are_saved(admin: Client) -> None:
    assert Notifications.the().live_threshold == 100
    admin.post(
        "/settings/notifications/", {"live_threshold": "20", "sender": "IT <it@example.com>"}
    )
    found = Notifications.the()
    assert (found.live_threshold, found.sender) == (20, "IT <it@example.com>")
    admin.post("/settings/notifications/", {"live_threshold": "30", "sender": ""})
    assert Notifications.objects.get().live_threshold == 30


@pytest.mark.parametrize("sender", ["nobody", "IT <it>", "a@example.com\nBcc: b@example.com"])
def test_a_sender_that_is_no_address_is_refused_and_kept(admin: Client, sender: str) -> None:
    form = {"live_threshold": "20", "sender": sender}
    page = admin.post("/settings/notifications/", form).content.decode()
    assert "invalid-feedback" in page
    assert 'value="20"' in page
    assert not Notifications.objects.exists()


@pytest.mark.parametrize(
    ("root", "page"), [("/settings/", "/settings/user-management/"), ("/account/", "/profile/")]
)
def test_an_address_that_is_cut_short_leads_to_the_first_page_below(
    admin: Client, root: str, page: str
) -> None:
    assert admin.get(root)["Location"] == page
