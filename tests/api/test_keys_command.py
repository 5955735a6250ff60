"""`rollcall keys`: keys made, listed and revoked in the terminal."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from rollcall.accounts import api_keys
from rollcall.accounts.models import ApiKey
from rollcall.cli.exits import Exit
from rollcall.cli.keys import keys
from tests.actors import TESTER

run = CliRunner().invoke


def test_a_key_is_made_and_printed_once(db: None) -> None:
    made = json.loads(run(keys, ["create", "--name", "script", "--json"]).stdout)
    key = api_keys.verify(made["key"])
    assert key is not None
    assert (key.name, key.read_only) == ("script", False)
    listed = run(keys, ["list", "--json"]).stdout
    assert json.loads(listed)[0]["name"] == "script"
    assert made["key"] not in listed


def test_a_read_only_key_is_made_for_people_too(db: None) -> None:
    answer = run(keys, ["create", "--name", "reports", "--read-only"])
    key = api_keys.verify(answer.stdout.split()[0])
    assert key is not None
    assert key.read_only
    assert "read only" in run(keys, ["list"]).stdout


def test_a_key_is_revoked_by_its_name(db: None) -> None:
    _, secret = api_keys.create(TESTER, "script")
    assert run(keys, ["revoke", "script"]).exit_code == 0
    assert api_keys.verify(secret) is None
    assert run(keys, ["list", "--json"]).stdout.strip() == "[]"


def test_a_name_that_several_keys_have_revokes_none(db: None) -> None:
    api_keys.create(TESTER, "script")
    api_keys.create(TESTER, "script")
    assert run(keys, ["revoke", "script"]).exit_code == Exit.USAGE
    assert run(keys, ["revoke", "other"]).exit_code == Exit.USAGE
    assert ApiKey.objects.filter(revoked=None).count() == 2
