"""An import made twice changes nothing; a day later it makes that day's changes and no others."""

from __future__ import annotations

import json
from typing import Any

from rollcall.sandbox.daytwo import day_two_of
from tests.terminal import Terminal, sandbox

PEOPLE = 400
DAY = day_two_of(PEOPLE)


def everybody(terminal: Terminal) -> dict[str, dict[str, Any]]:
    """Every user by id."""
    return {str(user["id"]): user for user in terminal.users()}


def changes(terminal: Terminal, run: int) -> dict[str, set[int]]:
    """Personio's ids of the people of a run, by how they came out."""
    by_result: dict[str, set[int]] = {}
    for change in terminal.json("runs", "show", str(run))["changes"]:
        by_result.setdefault(change["outcome"], set()).add(int(change["employee_id"]))
    return by_result


def test_twice_changes_nothing_and_day_two_exactly_what_that_day_brings(
    terminal: Terminal,
) -> None:
    company = ("--people", str(PEOPLE), "--no-peculiarities")
    with sandbox(*company) as settings:
        shell = terminal.with_settings(**settings)
        first = shell.json("import", status=[0])
        before = everybody(shell)
        second = shell.json("import", status=[0])
        assert everybody(shell) == before
    assert first["counts"]["created"] == len(before)
    assert set(second["counts"]) == {"unchanged", "skipped"}
    assert second["counts"]["unchanged"] == len(before)

    with sandbox(*company, "--day", "2") as settings:
        shell = terminal.with_settings(**settings)
        planned = shell.json("plan", status=[0])
        assert everybody(shell) == before
        third = shell.json("import", "--run", str(planned["run"]), status=[0])
        after = everybody(shell)
        found = changes(shell, third["run"])
    assert found["created"] == set(DAY.hires)
    assert found["suspended"] == set(DAY.leavers)
    assert found["updated"] == set(DAY.moves) | set(DAY.renames)
    assert set(found) == {"created", "suspended", "updated", "unchanged", "skipped"}
    assert len(after) == len(before) + len(DAY.hires)
    assert before.keys() <= after.keys()
    for field in ("username", "email"):
        assert len({user[field] for user in after.values()}) == len(after)


def test_the_changes_of_day_two_name_the_fields_that_day_two_changes(terminal: Terminal) -> None:
    company = ("--people", str(PEOPLE), "--no-peculiarities")
    with sandbox(*company) as settings:
        terminal.with_settings(**settings).json("import", status=[0])
    with sandbox(*company, "--day", "2") as settings:
        shell = terminal.with_settings(**settings)
        planned = json.loads(shell.run("plan", "--json").stdout)
    fields = {
        int(change["employee_id"]): {one["field"] for one in change["fields"]}
        for change in planned["changes"]
    }
    for leaver in DAY.leavers:
        assert fields[leaver] == {"state"}
    for renamed in DAY.renames:
        assert fields[renamed] <= {"lastname", "email", "username", "displayname"}
        assert {"lastname", "email"} <= fields[renamed]
    for moved in DAY.moves:
        moving = {"manager", "location", "company", "department", "jobTitle", "costCenter"}
        assert fields[moved] & moving
        assert fields[moved] <= moving
