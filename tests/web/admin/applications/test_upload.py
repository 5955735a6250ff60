"""An upload: a file is handed over, its columns are looked at, and it is imported."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from rollcall.accounts.models import Role
from rollcall.audit.models import Event
from rollcall.directory.models import Application
from rollcall.imports import reasons, schedule, uploads
from rollcall.imports.models import Connection, Run, UploadedFile
from rollcall.imports.source_accounts import unseal_account
from rollcall.provisioning.reason import Reason
from rollcall.sources import registry
from rollcall.sources.csv.account import CsvAccount
from tests.web.world import World

pytestmark = pytest.mark.django_db

HEADING = "Personalnummer;Vorname;Nachname;Adresse;Status;Bemerkung\n"
LENA = '1;Lena;Brandt;lena@example.org;Aktiv;"sagt ""Du""\nund ; auch"\n'
JOERG = "2;Jörg;Özdemir;joerg@example.org;Inaktiv;\n"
FILE = (HEADING + LENA + JOERG).encode("cp1252")
CHOSEN = {
    "column_id": "Personalnummer",
    "column_first_name": "Vorname",
    "column_last_name": "Nachname",
    "column_email": "Adresse",
    "column_status": "Status",
    "directory": "builtin",
}


@pytest.fixture
def application() -> Application:
    """One that is fed by a file."""
    return Application.objects.create(name="csv", displayLabel="Holding's people", active=True)


@pytest.fixture
def manager(world: World, client: Client) -> Client:
    """The browser of somebody who may import, and not configure."""
    client.force_login(
        world.people[Role.MANAGER.value],
        backend="rollcall.accounts.backend.AccountBackend",
    )
    return client


def uploaded(
    client: Client, application: Application, content: bytes = FILE, name: str = ""
) -> str:
    """Hand the file over; the page that follows."""
    file = SimpleUploadedFile("people.csv", content, "text/csv")
    address = reverse("application-import", args=[application.pk])
    return client.post(address, {"file": file, "name": name}, follow=True).content.decode()


def columns(client: Client, application: Application, **more: str) -> str:
    """Choose the columns; the page that follows."""
    address = reverse("application-columns", args=[application.pk])
    return client.post(address, {**CHOSEN, **more}, follow=True).content.decode()


def test_the_page_shows_what_was_found_in_the_file(admin: Client, application: Application) -> None:
    shown = uploaded(admin, application)
    assert "2 rows below the headings; written in Windows-1252" in shown
    assert "values separated by semicolon" in shown
    assert "Özdemir" in shown
    assert "sagt &quot;Du&quot; und ; auch" in shown
    assert '<option value="Vorname" selected>' in shown
    assert '<option value="Adresse" selected>' not in shown  # a heading that nobody could guess


def test_the_application_of_a_file_speaks_of_a_file(
    admin: Client, application: Application
) -> None:
    tab = reverse("application", args=[application.pk]) + "?tab=identity-management"
    shown = admin.get(tab).content.decode()
    assert "Reads the employees in a file" in shown
    assert "employees of CSV" not in shown


def test_the_address_of_the_page_tells_nothing_of_the_file(
    admin: Client, application: Application
) -> None:
    file = SimpleUploadedFile("lena brandt.csv", FILE, "text/csv")
    answer = admin.post(reverse("application-import", args=[application.pk]), {"file": file})
    assert answer["location"] == reverse("application-columns", args=[application.pk])
    assert "lena" not in str(admin.session.items())


def test_what_waits_is_sealed(admin: Client, application: Application) -> None:
    uploaded(admin, application)
    (row,) = UploadedFile.objects.all()
    assert b"Lena" not in bytes(row.sealed)
    assert isinstance(unseal_account(row.sealed), CsvAccount)


def test_continue_starts_a_run_that_stops_for_review_and_keeps_the_columns(
    admin: Client, application: Application
) -> None:
    uploaded(admin, application)
    columns(admin, application)
    run = Run.objects.latest("number")
    assert (run.connection.application, run.review, run.trigger) == (application, True, "portal")
    read = unseal_account(run.sealed_credentials)
    assert isinstance(read, CsvAccount)
    assert read.content() == FILE
    assert not UploadedFile.objects.exists()
    assert run.connection.settings["columns"]["email"] == "Adresse"
    assert Event.objects.filter(action="import.start", target_id=str(run.number)).count() == 1


def test_the_saved_columns_are_offered_with_the_next_file(
    admin: Client, application: Application
) -> None:
    uploaded(admin, application)
    columns(admin, application, column_status="")
    Run.objects.all().update(state="completed")
    shown = uploaded(admin, application)
    assert '<option value="Adresse" selected>' in shown
    assert '<option value="Status" selected>' not in shown


def test_what_a_file_had_no_heading_for_is_recognized_in_the_next_one(
    admin: Client, application: Application
) -> None:
    uploaded(admin, application, FILE.replace(b"Vorname", b"Rufname"))
    columns(admin, application, column_first_name="")
    Run.objects.all().update(state="completed")
    shown = uploaded(admin, application)
    assert '<option value="Vorname" selected>' in shown


def test_whoever_may_not_configure_imports_and_changes_nothing_of_what_is_kept(
    manager: Client, application: Application
) -> None:
    kept = {"name": "people", "columns": {"email": "Adresse", "position": ""}}
    Connection.objects.create(
        application=application, name="x", source="csv", key="csv:people", settings=kept
    )
    uploaded(manager, application)
    columns(manager, application)
    run = Run.objects.latest("number")
    assert run.connection.settings == kept


def test_without_a_column_for_the_email_the_choice_is_shown_again(
    admin: Client, application: Application
) -> None:
    uploaded(admin, application)
    before = Run.objects.count()
    shown = columns(admin, application, column_email="", column_id="Bemerkung", max_emptied="7")
    assert Run.objects.count() == before
    assert "This field is required." in shown
    assert '<option value="Bemerkung" selected>' in shown
    assert 'value="7"' in shown


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The submitted file is empty."),
        (b"PK\x03\x04\x00\x00\x00\x00", "The file is no text"),
        (b'id;email\n1;"' + b"x" * 30_000, "Row 2 of the file has a value longer"),
        (",".join(["a"] * 501).encode(), "more than 500 values"),
    ],
)
def test_what_cannot_be_read_is_told_beside_the_file(
    admin: Client, application: Application, content: bytes, told: str
) -> None:
    assert told in uploaded(admin, application, content)
    assert not UploadedFile.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    admin: Client, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    use = registry.get("csv").file
    assert use is not None
    assert use.largest == 64 * 2**20
    small = replace(use, largest=10, uploaded=lambda *_: pytest.fail("the file was read"))
    monkeypatch.setattr("rollcall.web.admin.applications.views.upload._use", lambda _: small)
    assert "The file is larger than" in uploaded(admin, application)


def test_a_name_that_cannot_be_used_is_told_beside_it(
    admin: Client, application: Application
) -> None:
    shown = uploaded(admin, application, name="a b")
    assert "Write at most 32 letters, digits and hyphens." in shown
    assert 'value="a b"' in shown


def test_two_applications_do_not_import_people_of_one_name(
    admin: Client, application: Application
) -> None:
    other = Application.objects.create(name="csv", displayLabel="Subsidiary", active=True)
    uploaded(admin, application)
    columns(admin, application)
    assert "imports its employees under this name already" in uploaded(admin, other)
    assert "Columns of the file" in uploaded(admin, other, name="subsidiary")


def test_a_file_that_nobody_imports_is_forgotten_after_an_hour(
    admin: Client, application: Application
) -> None:
    uploaded(admin, application)
    assert uploads.forget() == 0
    UploadedFile.objects.update(kept_at=timezone.now() - timedelta(minutes=61))
    assert "Upload a file" in columns(admin, application)
    assert uploads.forget() == 1
    assert not UploadedFile.objects.exists()


def test_another_persons_file_is_not_shown(
    world: World, manager: Client, application: Application
) -> None:
    other = world.people[Role.ADMINISTRATOR.value]
    uploads.keep(application, other, CsvAccount.uploaded("people", "x.csv", FILE))
    page = manager.get(reverse("application-columns", args=[application.pk]))
    assert page["location"] == reverse("application-import", args=[application.pk])


def test_a_file_has_no_schedule_and_no_kept_credentials(
    admin: Client, application: Application
) -> None:
    connection = Connection.objects.create(
        application=application, name="x", source="csv", key="csv:people", schedule="daily"
    )
    assert not schedule.is_possible(connection)
    assert admin.get(reverse("application-schedule", args=[application.pk])).status_code == 404
    page = admin.get(reverse("application", args=[application.pk])).content.decode()
    assert "scheduled imports" not in page
    assert "Upload a file" in page


def test_the_application_needs_no_address_on_the_web(admin: Client) -> None:
    filled = {"displayLabel": "People", "color": "#0b5cad", "action": "activate"}
    admin.post("/applications/new/csv/", filled)
    assert Application.objects.get(displayLabel="People").active


def german(client: Client, application: Application, content: bytes, name: str = "") -> str:
    """What the German page says of this file."""
    file = SimpleUploadedFile("leute.csv", content, "text/csv")
    address = reverse("application-import", args=[application.pk])
    form = {"file": file, "name": name}
    answer = client.post(address, form, headers={"accept-language": "de"}, follow=True)
    return answer.content.decode()


def test_what_is_wrong_with_a_file_is_said_in_german(
    admin: Client, application: Application
) -> None:
    assert "leute.csv ist leer" in german(admin, application, b"\n\n")
    wide = b"\n".join([b",".join([b"x"] * 501)] * 2)
    assert "Zeile 1 der Datei hat mehr als 500 Werte" in german(admin, application, wide)
    unclosed = b'E-Mail;Vorname\nlena@example.org;"' + b"x" * 20_001
    assert "Fehlt dort ein Anf" in german(admin, application, unclosed)


def test_columns_are_called_by_words_and_not_by_codes() -> None:
    absent = Reason("csv_without_columns", {"attributes": "first_name, cost_centers"})
    unusable = Reason("csv_value_unusable", {"row": "3", "attribute": "hire_date"})
    with translation.override("de"):
        told = [reasons.text(reason, "CSV") for reason in (absent, unusable)]
    assert told[0].startswith("Die Datei hat keine Spalte für Vorname, Kostenstelle")
    assert "„Erster Tag“" in told[1]


def test_columns_sent_twice_begin_one_import(admin: Client, application: Application) -> None:
    page = uploaded(admin, application)
    found = re.search(r'name="form" value="([^"]+)"', page)
    assert found
    first = columns(admin, application, form=found[1])
    again = columns(admin, application, form=found[1])
    # The first is the world's own.
    assert Run.objects.count() == 2
    assert "Import 2" in first
    assert "Import 2" in again


def test_the_preview_tells_of_rows_that_are_too_long_and_of_headings_that_repeat(
    admin: Client, application: Application
) -> None:
    shown = uploaded(admin, application, b"id,email,ID\n7,ada@example.org,7,and more\n")
    assert "The file has the heading id more than once" in shown
    assert "Row 2 of the file has 4 values" in shown
    assert "The file has the heading" not in uploaded(admin, application)
