"""What the commands print: tables for people, JSON for machines, and never a secret."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import PEOPLE
from tests.terminal import Terminal

ESCAPE = "\x1b"
COMMANDS = [
    ("runs",),
    ("runs", "show", "1"),
    ("settings",),
    ("doctor",),
    ("plan",),
]
RESULTS = (
    "created",
    "updated",
    "activated",
    "suspended",
    "reactivated",
    "unchanged",
    "skipped",
    "conflict",
    "invalid",
    "failed",
)
ELEVEN = (
    "firstname",
    "lastname",
    "email",
    "state",
    "jobTitle",
    "manager",
    "employeeType",
    "company",
    "location",
    "department",
    "costCenter",
)


@pytest.mark.parametrize("command", [*COMMANDS, ("users",)], ids=" ".join)
def test_nothing_is_coloured_where_it_is_piped(
    imported: Terminal, command: tuple[str, ...]
) -> None:
    done = imported.run(*command)
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert ESCAPE not in done.stdout + done.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_json_is_one_document(imported: Terminal, command: tuple[str, ...]) -> None:
    done = imported.run(*command, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)


@pytest.mark.parametrize("command", [*COMMANDS, ("users",), ("import",)], ids=" ".join)
def test_no_secret_is_printed(imported: Terminal, command: tuple[str, ...]) -> None:
    done = imported.run(*command)
    assert imported.settings["PERSONIO_CLIENT_SECRET"] not in done.stdout + done.stderr


def test_users_have_all_eleven_fields(imported: Terminal) -> None:
    users = imported.users()
    for field in ELEVEN:
        filled = [user for user in users if user[field]]
        assert len(filled) > len(users) / 2, field


def test_the_table_of_users_shows_all_eleven_fields_uncut(imported: Terminal) -> None:
    table = imported.run("users", "--limit", "0").stdout
    users = imported.users()
    emails = {user["_id"]: user["email"] for user in users}
    for user in users:
        assert emails.get(user["manager"], "") in table
        for field in set(ELEVEN) - {"manager", "state"}:
            assert user[field] in table
        # a state is shown in the portal's word
        assert user["state"].capitalize() in table


def test_users_are_found_by_a_part_of_their_name(imported: Terminal) -> None:
    one = imported.users("--limit", "1")[0]
    found = imported.users("--search", f"{one['firstname']} {one['lastname']}".upper())
    assert one in found
    assert imported.users("--search", "nobody-is-called-so") == []


def test_users_are_found_by_their_state(imported: Terminal) -> None:
    staged = imported.users("--state", "staged")
    assert {user["state"] for user in staged} == {"STAGED"}
    assert imported.users("--state", "suspended") == []


def test_an_import_shows_a_table_whose_counts_add_up(
    terminal: Terminal, personio: dict[str, str]
) -> None:
    done = terminal.with_settings(**personio).run("import")
    rows = [line.split("│") for line in done.stdout.splitlines() if line.startswith("│")]
    counts = {row[1].strip(): int(row[2].replace(",", "")) for row in rows if len(row) == 4}
    assert counts.pop("Fetched") == PEOPLE == sum(counts.values())
    assert "Reading employees from Personio" in done.stderr
    assert f"{PEOPLE}/{PEOPLE}" in done.stderr


def test_the_counts_of_an_import_add_up_for_machines(imported: Terminal) -> None:
    run = imported.json("runs", "show", "1")
    assert run["fetched"] == PEOPLE == sum(run["counts"].values()) == len(run["changes"])
    assert run["complete_read"] is True
    assert all(change["reason"] for change in run["changes"])


@pytest.mark.parametrize("command", ["import", "plan"])
def test_an_import_tells_machines_all_that_was_promised(
    terminal: Terminal, peculiar: dict[str, str], command: str
) -> None:
    told = terminal.with_settings(**peculiar).json(command, status=[1])
    assert (told["run"], told["source"], told["directory"]) == (1, "personio", "builtin")
    assert sum(told[result] for result in RESULTS) == told["fetched"] == PEOPLE
    assert told["created"] > PEOPLE / 2
    assert told["requests"] == {"source": -(-PEOPLE // 100) + 2, "directory": 0}
    assert told["seconds"] > 0
    assert told["warnings"] == []
    new = next(one for one in told["changes"] if one["kind"] == "create")
    assert {
        "employee_id",
        "email",
        "username",
        "reason",
        "fields",
        "outcome",
        "error",
    } <= new.keys()
    assert new["username"] in {one["after"] for one in new["fields"]}
    assert new["outcome"] == ("created" if command == "import" else None)


def test_users_are_one_json_object_a_line_with_the_names_of_jumpclouds_fields(
    imported: Terminal,
) -> None:
    users = imported.users()
    assert len(users) > 100
    ids = {user["_id"] for user in users}
    assert {user["manager"] for user in users if user["manager"]} <= ids
    assert len(imported.users("--limit", "7")) == 7


def test_no_limit_shows_every_run(imported: Terminal) -> None:
    assert json.loads(imported.run("runs", "--limit", "0", "--json").stdout)
    assert "No import has been run" not in imported.run("runs", "--limit", "0").stdout


def test_an_import_that_personio_broke_off_accounts_for_whom_it_had_fetched(
    terminal: Terminal, personio: dict[str, str]
) -> None:
    settings = {**personio, "PERSONIO_CLIENT_SECRET": "papi-wrong-words"}
    told = terminal.with_settings(**settings).json("import", status=[3])
    assert told["state"] == "failed"
    assert told["fetched"] == sum(told[result] for result in RESULTS) == 0


def test_a_change_shows_what_was_before_and_what_is_after(imported: Terminal) -> None:
    run = imported.json("runs", "show", "1")
    created = [change for change in run["changes"] if change["outcome"] == "created"]
    fields = {one["field"]: one for one in created[0]["fields"]}
    assert fields["email"] == {"field": "email", "before": None, "after": created[0]["email"]}


def test_only_those_who_need_attention_are_shown_where_asked(
    terminal: Terminal, peculiar: dict[str, str]
) -> None:
    shell = terminal.with_settings(**peculiar)
    imported = shell.json("import", status=[1])
    shown = shell.json("runs", "show", "1", "--attention")["changes"]
    assert {change["outcome"] for change in shown} == {"conflict", "invalid"}
    assert len(shown) == imported["counts"]["conflict"] + imported["counts"]["invalid"]
    attention = [one for one in imported["changes"] if one["outcome"] in ("conflict", "invalid")]
    assert attention == shown


def test_markup_in_a_position_stays_text(terminal: Terminal, peculiar: dict[str, str]) -> None:
    shell = terminal.with_settings(**peculiar)
    shell.json("import", status=[1])
    assert "<b>Leitung</b> Einkauf <script>" in shell.run("users", "--limit", "0").stdout


def test_an_empty_directory_says_what_to_do(terminal: Terminal) -> None:
    assert "rollcall import" in terminal.run("users").stdout
    assert "rollcall import" in terminal.run("runs").stdout


def test_users_are_listed_as_people_sort_names(terminal: Terminal) -> None:
    people = "".join(
        f"{number},{name},{number}@example.org\n"
        for number, name in enumerate(["Zimmer", "Özdemir", "oberst", "Ähre"])
    )
    (terminal.folder / "people.csv").write_text(f"id,last_name,email\n{people}", encoding="utf-8")
    terminal.json("import", "--source", "csv", "people.csv", status=[0])
    assert [user["lastname"] for user in terminal.users()] == [
        "Ähre",
        "oberst",
        "Özdemir",
        "Zimmer",
    ]
