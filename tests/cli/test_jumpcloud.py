"""`rollcall` with JumpCloud as the directory: imports, plans, refusals, groups, doctor."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.targets.jumpcloud.cloud import KEY, READ_ONLY_KEY, Cloud, hosting
from tests.terminal import Terminal, sandbox

pytestmark = pytest.mark.slow

PEOPLE = "20"
NOWHERE = {
    "PERSONIO_URL": "http://127.0.0.1:9",
    "PERSONIO_CLIENT_ID": "an-invented-id",
    "PERSONIO_CLIENT_SECRET": "an-invented-secret",
}
"""A Personio that nobody answers for: whoever asks it fails with status 3."""


@pytest.fixture(scope="module")
def personio() -> Iterator[dict[str, str]]:
    """A company of 20 people."""
    with sandbox("--people", PEOPLE) as settings:
        yield settings


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """An empty organization of JumpCloud's."""
    with hosting() as host:
        yield host.show(Cloud())


@pytest.fixture
def terminal(cloud: Cloud, tmp_path: Path, personio: dict[str, str]) -> Terminal:
    """A terminal whose settings lead to both."""
    settings = {"JUMPCLOUD_URL": cloud.url, "JUMPCLOUD_API_KEY": KEY}
    return Terminal(tmp_path, {**personio, **settings})


def test_the_people_of_an_import_are_in_the_cloud_and_go_into_a_group_by_differences(
    cloud: Cloud, terminal: Terminal
) -> None:
    cloud.applications["65f0c0ffee0000000000d001"] = "Wiki"
    result = terminal.json("import", "--directory", "jumpcloud")
    assert result["directory"] == "jumpcloud"
    assert len(cloud.users) == result["counts"]["created"] > 10
    assert {one["state"] for one in cloud.users.values()} == {"STAGED"}

    to_cloud = ("--directory", "jumpcloud")
    gone = next(iter(cloud.users))
    added = terminal.json("groups", "add", "Everybody", "--run", "1")
    assert set(added["added"]) == cloud.users.keys()
    cloud.members[added["id"]].remove(gone)
    again = terminal.json("groups", "add", "Everybody", "--run", "1", *to_cloud)
    assert again["added"] == [gone]
    assert set(cloud.members[added["id"]]) == cloud.users.keys()

    assert terminal.run("groups", "bind", "Everybody", "Wiki", *to_cloud).returncode == 0
    assert cloud.bindings[added["id"]] == ["65f0c0ffee0000000000d001"]
    assert [one["name"] for one in terminal.json("groups", *to_cloud)] == ["Everybody"]
    refused = terminal.run("groups", "bind", "Everybody", "Nothing", *to_cloud)
    assert refused.returncode == 2
    assert "no application has the label or id Nothing" in refused.stderr


def test_the_same_verbs_serve_the_built_in_directory(terminal: Terminal) -> None:
    result = terminal.json("import")
    added = terminal.json("groups", "add", "Everybody", "--run", "1")
    assert len(added["added"]) == result["counts"]["created"]
    assert terminal.json("groups", "add", added["id"], "--run", "1")["added"] == []
    assert [one["name"] for one in terminal.json("groups")] == ["Everybody"]
    elsewhere = terminal.run("groups", "add", "X", "--run", "1", "--directory", "jumpcloud")
    assert elsewhere.returncode == 2
    assert "run 1 went to builtin" in elsewhere.stderr


def test_a_key_that_may_only_read_makes_plans_and_no_imports(
    cloud: Cloud, terminal: Terminal
) -> None:
    reading = terminal.with_settings(JUMPCLOUD_API_KEY=READ_ONLY_KEY)
    planned = reading.json("plan", "--directory", "jumpcloud")
    assert planned["counts"]["create"] > 10
    refused = reading.run("import", "--run", "1")
    assert refused.returncode == 4
    assert "may only read the organization Example GmbH" in refused.stderr
    assert not cloud.users


def test_a_plan_is_not_carried_out_in_another_organization(
    cloud: Cloud, terminal: Terminal
) -> None:
    assert terminal.json("plan", "--directory", "jumpcloud")["counts"]["create"] > 10
    cloud.organization_id = "65f0c0ffee00000000000002"
    refused = terminal.run("import", "--run", "1")
    assert refused.returncode == 4
    assert "begun in another organization" in refused.stderr
    assert not cloud.users


def test_the_directory_is_asked_before_personio(cloud: Cloud, terminal: Terminal) -> None:
    reading = terminal.with_settings(JUMPCLOUD_API_KEY=READ_ONLY_KEY, **NOWHERE)
    refused = reading.run("import", "--directory", "jumpcloud")
    assert refused.returncode == 4
    assert "may only read" in refused.stderr


@pytest.mark.parametrize(
    ("settings", "status", "line"),
    [
        ({"JUMPCLOUD_API_KEY": "another"}, 4, "did not accept the API key"),
        ({"JUMPCLOUD_ORG_ID": "65f0c0ffee00000000000099"}, 4, "does not belong to"),
        ({"JUMPCLOUD_API_KEY": ""}, 2, "JumpCloud has no API key yet"),
        ({"JUMPCLOUD_URL": "jumpcloud"}, 4, "must be the address alone"),
    ],
)
def test_a_refusal_is_one_clear_line_and_a_status(
    terminal: Terminal, settings: dict[str, str], status: int, line: str
) -> None:
    done = terminal.with_settings(**settings).run("import", "--directory", "jumpcloud")
    assert (done.returncode, done.stdout) == (status, "")
    assert line in done.stderr
    assert len([one for one in done.stderr.splitlines() if "rollcall:" in one]) == 1
    assert "Traceback" not in done.stderr
    assert KEY not in done.stderr


def test_a_cloud_that_does_not_answer_is_unreachable(terminal: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there, and nobody else can
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        done = terminal.with_settings(JUMPCLOUD_URL=address).run("doctor")
    assert done.returncode == 4
    assert "✗ JumpCloud: JumpCloud cannot be reached" in done.stdout


def test_doctor_says_what_the_key_may_do_and_is_silent_where_nobody_uses_jumpcloud(
    terminal: Terminal,
) -> None:
    done = terminal.run("doctor")
    assert done.returncode == 0, done.stdout
    assert "✓ JumpCloud: Example GmbH: the key may read and write" in done.stdout
    without = terminal.with_settings(JUMPCLOUD_API_KEY="").run("doctor")
    assert without.returncode == 0
    assert "JumpCloud" not in without.stdout
