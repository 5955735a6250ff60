"""Settings come from the environment, else from rollcall.toml; some are kept in the directory."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.terminal import Terminal


def written(terminal: Terminal, **lines: str) -> Terminal:
    """The terminal with these lines in its rollcall.toml."""
    text = "".join(f'{name} = "{value}"\n' for name, value in lines.items())
    (terminal.folder / "rollcall.toml").write_text(text, encoding="utf-8")
    return terminal


def test_an_import_takes_its_settings_from_the_file(
    terminal: Terminal, personio: dict[str, str]
) -> None:
    lines = {name.lower(): value for name, value in personio.items()}
    done = written(terminal, **lines).run("import")
    assert done.returncode == 0, done.stderr


def test_the_environment_wins_over_the_file(terminal: Terminal, personio: dict[str, str]) -> None:
    lines = {name.lower(): value for name, value in personio.items()}
    shell = written(terminal, **{**lines, "personio_client_secret": "papi-of-yesterday"})
    assert shell.run("import").returncode == 3
    secret = personio["PERSONIO_CLIENT_SECRET"]
    assert shell.with_settings(PERSONIO_CLIENT_SECRET=secret).run("import").returncode == 0


def test_new_users_get_the_state_that_the_organization_chose(
    terminal: Terminal, personio: dict[str, str]
) -> None:
    assert terminal.json("settings")["default-state.application-import"] == "staged"
    done = terminal.run("settings", "set", "default-state.application-import", "active")
    assert done.returncode == 0
    assert "is now active" in done.stdout
    assert terminal.json("settings")["default-state.application-import"] == "active"
    shell = terminal.with_settings(**personio)
    shell.json("import", status=[0])
    assert {user["state"] for user in shell.users()} == {"ACTIVATED"}


def test_doctor_finds_everything_in_order(imported: Terminal) -> None:
    done = imported.run("doctor")
    assert done.returncode == 0
    assert "the credential is accepted and can read every attribute" in done.stdout
    assert "(API v1)" in done.stdout


def test_doctor_names_what_is_missing(terminal: Terminal) -> None:
    done = terminal.run("doctor")
    assert done.returncode == 2
    assert "PERSONIO_CLIENT_ID and PERSONIO_CLIENT_SECRET must be set" in done.stdout


def test_doctor_tells_refused_credentials(terminal: Terminal, personio: dict[str, str]) -> None:
    wrong = {**personio, "PERSONIO_CLIENT_SECRET": "papi-wrong-words"}
    checks = {
        one["check"]: one["ok"]
        for one in terminal.with_settings(**wrong).json("doctor", status=[3])
    }
    assert checks["Personio"] is False
    assert checks["Data folder and database"] is True


def test_doctor_tells_of_a_clock_that_looks_wrong(terminal: Terminal) -> None:
    terminal.run("doctor")
    with closing(sqlite3.connect(terminal.folder / "rollcall.db")) as file, file:
        leap = ("2036-05-01 10:00:00", "2026-05-01 10:00:00", "2036-05-01 10:00:00")
        file.execute("INSERT INTO jobs_clockreading VALUES (1, ?, ?, ?)", leap)
    told = {one["check"]: one["message"] for one in terminal.json("doctor", status=[2])}
    assert "from 2026-05-01 10:00 to 2036-05-01 10:00" in told["Clock"]


@pytest.mark.parametrize("name", ["--client-secret", "--secret", "--password", "--token"])
def test_a_secret_is_never_an_argument(terminal: Terminal, name: str) -> None:
    for command in ("import", "plan", "doctor"):
        done = terminal.run(command, name, "papi-words")
        assert done.returncode == 2
        assert "papi-words" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "pair", ["dynamic_612345=attributes.tshirt", "dynamic_612347=attributes.birthday"]
)
def test_a_further_attribute_is_carried_where_it_is_mapped(
    terminal: Terminal, personio: dict[str, str], pair: str
) -> None:
    shell = terminal.with_settings(**personio)
    planned = shell.json("plan", "--map", pair, status=[0])
    field = pair.partition("=")[2]
    given = [c for c in planned["changes"] if field in {one["field"] for one in c["fields"]}]
    assert len(given) > 10
    first = shell.json("import", "--map", pair, status=[0])
    again = shell.json("import", "--map", pair, status=[0])
    assert first["counts"]["created"] == again["counts"]["unchanged"]


def test_each_setting_says_what_it_is(terminal: Terminal) -> None:
    told = " ".join(terminal.run("settings").stdout.split())
    assert "made in bulk over the API (JumpCloud calls it CSV import); not of a file" in told
    assert "from an HR system or from a CSV file" in told
    assert "made in bulk over the API" in terminal.run("settings", "set", "--help").stdout


def test_doctor_names_what_is_set_under_a_name_that_nothing_reads(terminal: Terminal) -> None:
    shell = written(terminal, personio_client_idd="papi-a", time_zone="UTC")
    shell = shell.with_settings(ROLLCALL_DATA_DRI="x", PERSONIO_URL="https://api.personio.de")
    told = {one["check"]: one["message"] for one in shell.json("doctor", status=[2])}
    assert told["Names of settings"].startswith(
        "nothing reads ROLLCALL_DATA_DRI, personio_client_idd:"
    )
    (terminal.folder / "rollcall.toml").unlink()
    checks = [one["check"] for one in terminal.json("doctor", status=[2])]
    assert "Names of settings" not in checks
