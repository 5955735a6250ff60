"""A file of employees is read row by row, and what is wrong is said with the row's number."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rollcall.provisioning.employee import UNKNOWN, CostCenter, Employee, Supervisor
from rollcall.sources import registry
from rollcall.sources.base import Summary
from rollcall.sources.csv import account
from rollcall.sources.csv.account import CsvAccount
from rollcall.sources.csv.reading import CsvSource
from rollcall.sources.errors import AccessDenied, SettingsError, SourceMisbehaved

PEOPLE = """ID;Vorname;Nachname;E-Mail;Status;Vorgesetzter;Kostenstelle;Eintrittsdatum
7;Ada;Lovelace;ada@example.com;Aktiv;;Forschung (60 %) | Lehre (40 %);01.09.2026
8;Bo;Öst;bo@example.com;on leave;ada@example.com;Lehre;2026-10-05
9;Cy;;cy@example.com;Probezeit;8;;
"""


def source(text: str, column_names: str = "") -> CsvSource:
    return CsvSource(CsvAccount.uploaded("people", "people.csv", text.encode(), column_names))


def read(text: str, column_names: str = "") -> tuple[list[Employee], Summary]:
    reading = source(text, column_names).employees(())
    employees = [employee for page in reading for employee in page.employees]
    return employees, reading.summary


def test_everybody_is_read_with_what_the_file_says() -> None:
    (ada, bo, cy), summary = read(PEOPLE)
    assert (ada.id, ada.name, ada.email, ada.status) == (
        "7",
        "Ada Lovelace",
        "ada@example.com",
        "active",
    )
    assert ada.cost_centers == (CostCenter("Forschung", 60.0), CostCenter("Lehre", 40.0))
    assert (ada.hire_date, bo.hire_date) == (date(2026, 9, 1), date(2026, 10, 5))
    assert (bo.status, cy.status) == ("leave", "Probezeit")
    assert (summary.complete, summary.received, summary.notes) == (True, 3, ())


def test_a_supervisor_is_named_by_id_or_by_e_mail() -> None:
    (ada, bo, cy), _ = read(PEOPLE)
    assert ada.supervisor is None
    assert bo.supervisor == Supervisor("7", "ada@example.com")
    assert cy.supervisor == Supervisor("8")


def test_an_empty_value_is_empty_and_a_column_that_is_not_there_is_unknown() -> None:
    (_, _, cy), _ = read(PEOPLE)
    assert (cy.last_name, cy.hire_date, cy.cost_centers) == (None, None, ())
    assert cy.department is UNKNOWN


def test_employees_know_the_row_that_they_stand_in() -> None:
    employees, _ = read(PEOPLE)
    assert [employee.row for employee in employees] == [2, 3, 4]


def test_a_file_without_status_lists_those_who_work_there() -> None:
    (ada,), _ = read("id,email\n7,ada@example.com\n")
    assert ada.status == "active"


def test_a_file_without_ids_knows_people_by_their_e_mail() -> None:
    (ada,), _ = read("email,name\nADA@example.com,Ada\n")
    assert ada.id == "ada@example.com"


def test_a_row_that_names_nobody_is_told_by_its_number_and_the_read_is_not_complete() -> None:
    employees, summary = read("id,email\n7,ada@example.com\n,\n ,bo@example.com\n")
    assert [employee.id for employee in employees] == ["7"]
    assert not summary.complete
    assert [(note.code, note.params["row"]) for note in summary.notes] == [
        ("csv_row_without_id", "4")
    ]


def test_a_value_in_no_known_form_is_unknown_and_told_by_row_and_attribute() -> None:
    (ada,), summary = read("id,email,hire date\n7,ada@example.com,soon\n")
    assert ada.hire_date is UNKNOWN
    assert summary.complete
    (note,) = summary.notes
    assert (note.params["row"], note.params["attribute"]) == ("2", "hire_date")


def test_only_what_is_asked_for_is_read_and_what_the_file_lacks_is_said() -> None:
    reading = source(PEOPLE).employees(("first_name", "email", "department"))
    (page,) = list(reading)
    assert page.employees[0].last_name is UNKNOWN
    assert page.employees[0].first_name == "Ada"
    (note,) = reading.summary.notes
    assert note.params["attributes"] == "department"


def test_moments_are_read_with_and_without_a_zone() -> None:
    (ada, bo), _ = read(
        "id,email,last modified\n"
        "7,ada@example.com,2026-11-01T10:00:00+02:00\n"
        "8,bo@example.com,1.11.2026\n"
    )
    assert ada.last_modified == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert bo.last_modified == datetime(2026, 11, 1, tzinfo=UTC)


def test_columns_are_called_what_the_settings_say() -> None:
    (ada,), _ = read("nr,Kontakt\n7,ada@example.com\n", "id=nr;email=Kontakt")
    assert (ada.id, ada.email) == ("7", "ada@example.com")


def test_a_file_in_which_no_column_is_known_to_be_the_e_mail_is_refused() -> None:
    with pytest.raises(AccessDenied, match="its columns are: nr, Kontakt"):
        source("nr,Kontakt\n7,ada@example.com\n").check(("email",))


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(SourceMisbehaved, match="no heading row"):
        source("\n\n").check(("email",))


def test_a_look_shows_how_the_file_is_understood() -> None:
    look = source(PEOPLE).look(rows=2)
    assert (look.encoding, look.separator, look.count) == ("utf-8", ";", 3)
    assert look.columns.headings["last_name"] == "Nachname"
    assert [row.values[1] for row in look.sample] == ["Ada", "Bo"]


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    missing = CsvAccount.of({"ROLLCALL_CSV_FILE": str(tmp_path / "people.csv")})
    with pytest.raises(SourceMisbehaved, match=r"people\.csv cannot be read"):
        CsvSource(missing).check(("email",))


def test_what_is_larger_than_can_be_kept_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "LARGEST_KEPT", 10)
    with pytest.raises(SettingsError, match="rollcall import --source csv"):
        CsvAccount.uploaded("people", "people.csv", b"x" * 11)


def test_a_file_is_kept_and_opened_again() -> None:
    kind = registry.get("csv")
    uploaded = CsvAccount.uploaded("people", "people.csv", PEOPLE.encode(), "email=E-Mail")
    assert kind.from_record(kind.to_record(uploaded)) == uploaded
    assert uploaded.key == "csv:people"


def test_a_row_with_more_values_than_headings_is_told_by_its_number() -> None:
    rows = "7,ada@example.com,Lovelace, Ada\n8,bo@example.com,Bo,\n"
    employees, summary = read("id,email,last_name\n" + rows)
    assert [employee.id for employee in employees] == ["7", "8"]
    [note] = summary.notes  # an empty value too many says nothing
    assert (note.code, note.params) == (
        "csv_row_too_long",
        {"row": "2", "count": "4", "limit": "3"},
    )
    assert "Row 2 of the file has 4 values" in note.text()
    assert summary.complete


def test_a_heading_that_stands_there_twice_is_told_by_its_name() -> None:
    (ada,), summary = read("ID;E-Mail;Abteilung;abteilung;;\n7;ada@example.com;Forschung;Lehre;;\n")
    assert ada.department == "Forschung"
    assert [(note.code, note.params) for note in summary.notes] == [
        ("csv_heading_repeated", {"heading": "Abteilung"})
    ]


def test_of_very_many_rows_with_something_wrong_the_first_are_named_and_the_rest_counted() -> None:
    rows = "".join(f"{number},{number}@example.com,more\n" for number in range(150))
    _, summary = read("id,email\n" + rows)
    assert len(summary.notes) == 101
    assert (summary.notes[-1].code, summary.notes[-1].params) == ("csv_more_rows", {"count": "50"})


def test_whoever_looks_at_a_file_is_told_before_it_is_imported() -> None:
    look = source("id,email,email\n7,a@example.com,b@example.com,c@example.com\n").look()
    assert [note.code for note in look.notes] == ["csv_heading_repeated", "csv_row_too_long"]


def test_a_first_row_that_is_a_person_is_told_without_naming_them() -> None:
    look = source("7,ada@example.com,Ada\n8,bo@example.com,Bo\n").look()
    [note] = look.notes
    assert (note.code, note.params) == ("csv_without_heading", {})
    assert "row of headings" in note.text()
    assert not source("id,e-mail @ work,name\n8,bo@example.com,Bo\n").look().notes


def test_of_a_file_that_is_no_list_the_headings_are_told_in_short() -> None:
    with pytest.raises(AccessDenied) as refused:
        source(",".join(["x" * 200] * 90) + "\n").check(("email",))
    assert len(str(refused.value)) < 3000
    assert "x…, …" in str(refused.value)
