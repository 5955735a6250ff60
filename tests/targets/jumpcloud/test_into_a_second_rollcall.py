"""A thousand people go into a second Rollcall over HTTP as if it were JumpCloud's cloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rollcall.sources.personio.kind import KIND
from rollcall.targets.jumpcloud.identity import attribute_of
from tests.targets.jumpcloud.contract import Contract
from tests.targets.jumpcloud.proxy import FAULTS, Proxy, proxy_before
from tests.terminal import Terminal, people, sandbox
from tests.vendor_contracts import contracts_folder
from tests.waiting import wait_until

PEOPLE = "1000"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def personio() -> Iterator[dict[str, str]]:
    """A company of 1,000 people."""
    with sandbox("--people", PEOPLE) as settings:
        yield settings


@contextmanager
def served(terminal: Terminal) -> Iterator[str]:
    """The address of `rollcall serve` in this terminal, until it is stopped."""
    with terminal.running("serve", "--port", "0") as process:
        assert process.stdout is not None
        found = re.search(r"http://(?:127\.0\.0\.1|localhost):\d+", process.stdout.readline())
        assert found is not None
        yield found[0]


def terminal(folder: Path, name: str, settings: dict[str, str]) -> Terminal:
    """A terminal with a data folder of its own."""
    (folder / name).mkdir()
    return Terminal(folder / name, settings)


def killed_at(importing: Terminal, proxy: Proxy, method: str, part: str, holding: str) -> None:
    """Start the import and kill it as soon as the cloud has carried out a request of this kind."""
    seen = proxy.count(method, part, holding)
    process = importing.start("import", "--directory", "jumpcloud")
    wait_until(lambda: proxy.count(method, part, holding) >= seen + 3)
    process.kill()
    process.communicate()


def without_the_ids(user: dict[str, Any]) -> dict[str, Any]:
    """The user without what says whom it carries, which each directory keeps in its own place."""
    places = ("employeeIdentifier", "attributes", "externally_managed", "external_source_type")
    return {name: value for name, value in user.items() if name not in places}


def test_a_thousand_people_arrive_once_each_under_faults_and_two_kills(
    personio: dict[str, str], tmp_path: Path
) -> None:
    undisturbed = terminal(tmp_path, "undisturbed", personio)
    expected = undisturbed.json("import")["counts"]
    cloud = terminal(tmp_path, "cloud", {})
    key = cloud.json("keys", "create", "--name", "import")["key"]
    with served(cloud) as address, proxy_before(address) as proxy:
        proxy.lose_first = "POST /api/v2/bulk/users"
        settings = {**personio, "JUMPCLOUD_URL": proxy.url, "JUMPCLOUD_API_KEY": key}
        importing = terminal(tmp_path, "importing", settings)
        killed_at(importing, proxy, "POST", "/bulk/users", "username")
        killed_at(importing, proxy, "PATCH", "/bulk/users", "manager")
        importing.json("import", "--directory", "jumpcloud")
        runs = importing.json("runs")
        done, proxy.traffic = proxy.traffic, []
        again = importing.json("import", "--directory", "jumpcloud")

    assert [run["state"] for run in runs] == ["completed", "completed"]
    assert runs[-1]["counts"] == expected
    arrived = people(cloud)
    assert [without_the_ids(one) for one in arrived] == [
        without_the_ids(one) for one in people(undisturbed)
    ]
    name = attribute_of(KIND.account(personio).key)
    assert all(
        one["attributes"] == [{"name": name, "value": one["employeeIdentifier"]}] for one in arrived
    )
    assert len({one["email"] for one in arrived}) == len(arrived) == expected["created"]
    assert {one["state"] for one in arrived} == {"STAGED"}
    assert sum(one["manager"] is not None for one in arrived) > len(arrived) * 0.9
    assert proxy.lose_first == ""
    assert set(proxy.faults) == set(FAULTS)

    assert again["counts"]["unchanged"] == expected["created"]
    assert proxy.writes() == []

    contract = Contract(contracts_folder())
    problems = [one for exchange in done + proxy.traffic for one in contract.problems(exchange)]
    assert not problems, sorted(set(problems))[:10]
