"""`rollcall import --source csv people.csv`: a file of employees becomes users."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal import Terminal

HEADING = "Personalnummer;Vorname;Nachname;E-Mail;Status;Vorgesetzter;Kostenstelle\n"
LENA = "1;Lena;Brandt;lena.brandt@example.org;active;;4010\n"
JOERG = "2;Jörg;Özdemir;joerg.oezdemir@example.org;active;1;4020\n"


@pytest.fixture
def folder(terminal: Terminal) -> Path:
    """Where the command is run."""
    return terminal.folder


def write(folder: Path, *rows: str, encoding: str = "utf-8") -> None:
    """The file of employees, in this encoding."""
    (folder / "people.csv").write_text(HEADING + "".join(rows), encoding=encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_in_any_encoding_brings_its_people(
    terminal: Terminal, folder: Path, encoding: str
) -> None:
    write(folder, LENA, JOERG, encoding=encoding)
    result = terminal.json("import", "people.csv", "--source", "csv", status=[0])
    assert result["counts"] == {"created": 2}
    lena, joerg = sorted(terminal.users(), key=lambda user: str(user["email"]), reverse=True)
    assert joerg["lastname"] == "Özdemir"
    assert joerg["manager"] == lena["_id"]
    assert {user["state"] for user in (lena, joerg)} == {"STAGED"}


def test_the_next_file_of_the_same_people_finds_them_again(
    terminal: Terminal, folder: Path
) -> None:
    write(folder, LENA, JOERG)
    terminal.json("import", "--source", "csv", "people.csv", status=[0])
    write(folder, LENA, JOERG.replace("joerg.oezdemir", "j.oezdemir"))
    result = terminal.json("import", "--source", "csv", "people.csv", status=[0])
    assert result["counts"] == {"unchanged": 1, "updated": 1}


def test_a_file_that_is_not_there_is_named(terminal: Terminal) -> None:
    done = terminal.run("import", "--source", "csv", "nobody.csv")
    assert done.returncode == 3
    assert "nobody.csv cannot be read: No such file" in done.stderr


def test_a_file_for_a_source_that_reads_none_is_refused(terminal: Terminal, folder: Path) -> None:
    write(folder, LENA)
    done = terminal.run("import", "people.csv")
    assert done.returncode == 2
    assert "say `--source csv people.csv`" in done.stderr


def test_the_doctor_looks_at_the_file(terminal: Terminal, folder: Path) -> None:
    write(folder, LENA)
    done = terminal.run("doctor", "--source", "csv", "people.csv")
    assert done.returncode == 0, done.stdout
    assert "people.csv" in done.stdout


def test_a_row_that_is_invalid_or_in_conflict_is_named_by_its_number(
    terminal: Terminal, folder: Path
) -> None:
    nobody = "3;Mara;Weiß;;active;;4030\n"
    twin = "4;Lena;Brand;lena.brandt@example.org;active;;4010\n"
    fine = JOERG.replace(";1;", ";;")
    write(folder, LENA, fine, nobody, twin)
    told = terminal.json("plan", "--source", "csv", "people.csv", status=[1])
    rows = {change["employee_id"]: change["row"] for change in told["changes"]}
    assert rows == {"1": 2, "2": 3, "3": 4, "4": 5}
    done = terminal.run("plan", "--source", "csv", "people.csv")
    words = " ".join(done.stdout.replace("│", " ").split())
    assert done.returncode == 1
    assert "Row 4 of the file. The field email is empty in CSV" in words
    assert "Row 2 of the file. The e-mail" in words
    assert "Row 5 of the file. The e-mail" in words
    assert "Row 3 of the file" not in words  # there is nothing to look at


def test_a_column_that_is_not_there_is_told_in_words_of_a_file(
    terminal: Terminal, folder: Path
) -> None:
    write(folder, LENA)
    warnings = terminal.json("import", "--source", "csv", "people.csv", status=[0])["warnings"]
    assert any(told.startswith("The file has no column for ") for told in warnings)
    assert not any("credential" in told for told in warnings)


def test_of_two_rows_with_one_id_the_one_modified_last_counts(
    terminal: Terminal, folder: Path
) -> None:
    (folder / "people.csv").write_text(
        "ID;E-Mail;Vorname;Zuletzt geändert\n"
        "1;lena@example.org;Helene;2026-11-02\n"
        "1;lena@example.org;Lena;2026-11-01\n"
        "2;bo@example.org;Bodo;2026-11-01\n"
        "2;bo@example.org;Bo;2026-11-02\n",
        encoding="utf-8",
    )
    run = terminal.json("import", "--source", "csv", "people.csv", status=[0])
    assert run["counts"] == {"created": 2}
    assert {user["firstname"] for user in terminal.users()} == {"Helene", "Bo"}
    told = [line for line in run["warnings"] if "employee ID" in line]
    assert [line.split(" has")[0] for line in told] == ["Row 3 of the file", "Row 5 of the file"]


def test_the_doctor_speaks_of_the_file_and_not_of_a_credential(
    terminal: Terminal, folder: Path
) -> None:
    write(folder, LENA, JOERG.replace("\n", ";too;much\n"))
    done = terminal.run("doctor", "--source", "csv", "people.csv")
    assert done.returncode == 0, done.stdout
    assert "the file can be read: 2 rows below the headings" in done.stdout
    assert "Row 3 of the file has 9 values" in done.stdout
    assert "credential" not in done.stdout


def test_what_of_a_file_is_not_taken_is_told_by_row_and_heading(
    terminal: Terminal, folder: Path
) -> None:
    (folder / "people.csv").write_text(
        "id,email,email\n1,lena@example.org,b@example.org,left over\n", encoding="utf-8"
    )
    told = terminal.json("import", "--source", "csv", "people.csv", status=[0])["warnings"]
    assert any("the heading email more than once" in line for line in told)
    assert any(line.startswith("Row 2 of the file has 4 values") for line in told)


def test_one_employee_is_counted_as_one(terminal: Terminal, folder: Path) -> None:
    write(folder, LENA)
    done = terminal.run("plan", "--source", "csv", "people.csv")
    assert "1 employee: Create 1" in done.stdout
    terminal.run("import", "--run", "1")
    assert "1 user\n" in terminal.run("doctor", "--source", "csv", "people.csv").stdout
