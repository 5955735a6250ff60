"""SSO Applications: featured ones, search, the panel with its tabs, and user groups."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from rollcall.audit.models import Event
from rollcall.directory import catalogue
from rollcall.directory.models import Application, UserGroup
from rollcall.web.shell.text import catalogue as catalogue_words
from tests.web.html import squeezed
from tests.web.world import World

pytestmark = pytest.mark.django_db

PIXEL = b"\x89PNG\r\n\x1a\n" + b"0" * 20
FORM = {
    "displayLabel": "Wiki",
    "description": "Pages",
    "color": "#112233",
    "shown_in_portal": "on",
    "ssoUrl": "wiki.example.com/start",
    "action": "activate",
}


def text(client: Client, where: str) -> str:
    """The page on screen."""
    return client.get(where).content.decode()


def test_personio_is_the_first_featured_application(admin: Client, world: World) -> None:
    shown = text(admin, "/applications/")
    featured = shown[shown.index("Featured Applications") :]
    assert featured.index("Personio") < featured.index("Atlassian Cloud")
    assert "configure" in featured


def test_every_description_of_the_catalogue_is_translated() -> None:
    described = {one.description for one in catalogue.templates()}
    assert described == set(catalogue_words.DESCRIPTIONS)
    with translation.override("de"):
        assert {one for one in described if translation.gettext(one) == one} == set()


def test_the_catalogue_is_searched(admin: Client, world: World) -> None:
    shown = text(admin, "/applications/new/?q=whiteboard")
    assert "Configure New Application" in shown
    assert "Miro" in shown
    assert "Slack" not in shown
    assert "Any other application can be configured as a Bookmark." in text(
        admin, "/applications/new/?q=nosuchthing"
    )


def test_activate_makes_an_application_that_opens_in_the_same_panel(
    admin: Client, world: World
) -> None:
    answer = admin.post("/applications/new/bookmark/", FORM)
    made = Application.objects.get(displayLabel="Wiki")
    assert answer["Location"] == f"/applications/{made.pk}/"
    assert (made.active, made.ssoUrl) == (True, "https://wiki.example.com/start")
    panel = text(admin, f"/applications/{made.pk}/")
    for label in ("General Info", "Bookmark", "Identity Management", "User Groups"):
        assert label in panel
    assert 'value="Wiki"' in panel
    assert "Wiki" in text(admin, "/applications/")
    assert Event.objects.filter(action="application.create", target_name="Wiki").exists()


@pytest.mark.parametrize(
    "address", ["", "javascript:alert(1)", "https://", "a b", "https://u:p@x.de"]
)
def test_an_address_that_is_none_is_refused_and_what_was_typed_stays(
    admin: Client, world: World, address: str
) -> None:
    answer = admin.post("/applications/new/bookmark/", {**FORM, "ssoUrl": address})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Wiki"' in shown
    assert 'tab-pane active show" id="bookmark"' in squeezed(shown), (
        "the tab with the error is open"
    )
    assert not Application.objects.filter(displayLabel="Wiki").exists()


def test_a_picture_becomes_the_logo_and_anything_else_does_not(admin: Client, world: World) -> None:
    where = f"/applications/{world.application.pk}/"
    admin.post(where, {**FORM, "picture": SimpleUploadedFile("logo.png", PIXEL)})
    assert 'src="data:image/png;base64,' in text(admin, "/applications/")
    script = SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>")
    answer = admin.post(where, {**FORM, "picture": script})
    assert "Choose a PNG, JPEG, GIF or WebP picture." in answer.content.decode()


def test_changes_are_saved_and_audited_with_before_and_after(admin: Client, world: World) -> None:
    where = f"/applications/{world.application.pk}/"
    admin.post(where, {**FORM, "displayLabel": "HR", "action": "save"})
    entry = Event.objects.get(action="application.update")
    assert (entry.before["displayLabel"], entry.after["displayLabel"]) == ("Personio", "HR")
    admin.post(where, {"action": "deactivate", "confirmed": "yes"})
    assert "Inactive" in text(admin, where)


def test_groups_are_bound_and_unbound(admin: Client, world: World) -> None:
    where = f"/applications/{world.application.pk}/user-groups/"
    sales = UserGroup.objects.create(name="Sales")
    admin.post(where, {"action": "bind", "group": sales.pk})
    assert set(world.application.groups.all()) == {world.group, sales}
    admin.post(where, {"action": "unbind", "group": world.group.pk})
    assert set(world.application.groups.all()) == {sales}
    assert Event.objects.filter(action="application.bind").count() == 1
    assert Event.objects.filter(action="application.unbind").count() == 1


def test_a_reader_sees_the_panel_and_can_change_nothing(client: Client, world: World) -> None:
    backend = "rollcall.accounts.backend.AccountBackend"
    client.force_login(world.people["read_only"], backend=backend)
    shown = text(client, f"/applications/{world.application.pk}/?tab=identity-management")
    assert "<fieldset disabled>" in shown
    assert "manual-import" not in shown
    assert "Managers and administrators can import." in shown


def test_an_empty_label_leaves_the_page_its_heading(admin: Client, world: World) -> None:
    page = admin.post("/applications/new/bookmark/", FORM | {"displayLabel": " "})
    assert '<h1 class="page-title">Bookmark</h1>' in squeezed(page.content.decode())
    where = f"/applications/{world.application.pk}/"
    page = admin.post(where, FORM | {"displayLabel": ""})
    assert '<h1 class="page-title">Personio</h1>' in squeezed(page.content.decode())
    nameless = Application.objects.create(name="bookmark", displayLabel=" ")
    page = admin.get(f"/applications/{nameless.pk}/")
    assert '<h1 class="page-title">bookmark</h1>' in squeezed(page.content.decode())


def test_the_catalogue_speaks_german(admin: Client, world: World) -> None:
    page = admin.get("/applications/new/", headers={"accept-language": "de"}).content.decode()
    assert "CSV file" not in page
    assert "CSV-Datei" in page
    found = admin.get("/applications/new/?q=CSV-Datei", headers={"accept-language": "de"})
    assert "CSV-Datei" in found.content.decode()
    new = admin.get("/applications/new/csv/", headers={"accept-language": "de"}).content.decode()
    assert 'value="CSV-Datei"' in new
