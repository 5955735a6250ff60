"""A cloud to speak to, a directory that speaks to it, and the contract over all they said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rollcall.targets import jumpcloud
from rollcall.targets.jumpcloud import Identity, JumpCloudTarget, Pace
from tests.targets.jumpcloud.cloud import KEY, Cloud, Host, hosting
from tests.targets.jumpcloud.contract import Contract
from tests.vendor_contracts import contracts_folder

QUICK = Pace(
    first_wait=0.002, longest_wait=0.02, first_poll=0.001, longest_poll=0.01, patience=0.15
)


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    """The server that all clouds of the session stand behind in turn."""
    with hosting() as running:
        yield running


@pytest.fixture
def cloud(host: Host) -> Iterator[Cloud]:
    """An empty organization; afterwards all traffic is held against the vendor's contract."""
    running = host.show(Cloud())
    yield running
    try:
        contract = Contract(contracts_folder())
    except pytest.skip.Exception:
        return
    problems = [one for exchange in running.traffic for one in contract.problems(exchange)]
    assert not problems, problems[:5]


@pytest.fixture
def directory(cloud: Cloud) -> Iterator[JumpCloudTarget]:
    """The directory over that cloud."""
    to = jumpcloud.Account(cloud.url, KEY)
    with JumpCloudTarget(to, identity=Identity("personioId"), pace=QUICK) as opened:
        yield opened
