"""`rollcall users unlink`, and what the next import makes of whom it unlinked."""

from __future__ import annotations

from tests.terminal import Terminal

HEADING = "Personalnummer;Vorname;Nachname;E-Mail;Status\n"
LENA = "1;Lena;Brandt;lena.brandt@example.org;active\n"
AGAIN = "9;Lena;Brandt;lena.brandt@example.org;active\n"
IMPORT = ("import", "people.csv", "--source", "csv")


def write(terminal: Terminal, *rows: str) -> None:
    (terminal.folder / "people.csv").write_text(HEADING + "".join(rows), encoding="utf-8")


def test_whom_somebody_unlinks_the_next_import_adopts_only_where_it_is_told_to(
    terminal: Terminal,
) -> None:
    write(terminal, LENA)
    terminal.json(*IMPORT, status=[0])
    done = terminal.run("users", "unlink", "lena.brandt@example.org", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "lena.brandt is linked to no employee any more." in done.stdout
    assert terminal.run("users", "unlink", "lena.brandt", "--yes").returncode == 1
    refused = terminal.json(*IMPORT, status=[1])
    assert refused["counts"] == {"conflict": 1}
    assert refused["changes"][0]["reason_code"] == "adopt_not_ticked"
    plan = terminal.json("plan", *IMPORT[1:], status=[1])
    assert (plan["changes"][0]["asks"], plan["changes"][0]["ticked"]) == ("adopt", False)
    run = str(plan["run"])
    assert terminal.json("import", "--run", run, "--adopt", status=[0])["counts"] == {"updated": 1}
    assert terminal.json(*IMPORT, status=[0])["counts"] == {"unchanged": 1}
    assert len(terminal.users()) == 1


def test_who_was_hired_again_is_named_by_an_option(terminal: Terminal) -> None:
    write(terminal, LENA)
    terminal.json(*IMPORT, status=[0])
    write(terminal, LENA.replace("active", "inactive"), AGAIN)
    planned = terminal.run("plan", *IMPORT[1:])
    assert planned.returncode == 1
    assert "add --same-person 9" in planned.stdout
    run = planned.stdout.rpartition("--run ")[2].split()[0]
    wrong = terminal.run("import", "--run", run, "--same-person", "1")
    assert (wrong.returncode, "does not ask about 1" in wrong.stderr) == (2, True)
    done = terminal.json("import", "--run", run, "--same-person", "9", status=[0])
    assert done["counts"] == {"updated": 1, "skipped": 1}
    assert len(terminal.users()) == 1


def test_nobody_of_that_name_is_said_so(terminal: Terminal) -> None:
    done = terminal.run("users", "unlink", "nobody", "--yes")
    assert done.returncode == 1
    assert "no user is called nobody" in done.stderr


def test_an_id_that_nobody_asked_about_is_told_by_plan_and_import(terminal: Terminal) -> None:
    write(terminal, LENA)
    line = "Nothing was asked about the employee"
    for command in ("plan", "import"):
        told = terminal.json(command, *IMPORT[1:], "--same-person", "77", status=[0])
        assert any(warning.startswith(line) for warning in told["warnings"])
    assert line in " ".join(terminal.run("plan", *IMPORT[1:], "--same-person", "77").stdout.split())
    write(terminal, LENA.replace("active", "inactive"), AGAIN)
    fitting = terminal.json("import", *IMPORT[1:], "--same-person", "9", status=[0])
    assert fitting["counts"]["updated"] == 1
    assert not any(line in warning for warning in fitting["warnings"])


def test_who_is_linked_to_another_account_is_told_so_before_anybody_is_asked(
    terminal: Terminal,
) -> None:
    write(terminal, LENA)
    terminal.json(*IMPORT, status=[0])
    done = terminal.run("users", "unlink", "lena.brandt", "--source", "csv:acme")
    assert done.returncode == 1
    assert "is linked to no employee of csv:acme, but to one of csv:people" in done.stderr
    assert "Unlink" not in done.stdout
