"""An account of the sandbox, and how a client of either version reads everybody in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rollcall.provisioning.employee import Employee
from rollcall.sandbox.company import Company
from rollcall.sandbox.credentials import Credentials
from rollcall.sandbox.faults import Faults
from rollcall.sandbox.server import create_app, running
from rollcall.sandbox.switches import Switches
from rollcall.sources.base import Summary
from rollcall.sources.personio.account import Account
from rollcall.sources.personio.v1.client import PersonioV1
from rollcall.sources.personio.v2.client import PersonioV2
from tests.sources.personio import recorded

ATTRIBUTES = (*recorded.ATTRIBUTES, "hire_date", "termination_date", "last_modified_at")


@contextmanager
def account(
    people: int, switches: Switches | None = None, faults: Faults | None = None
) -> Iterator[Account]:
    """The sandbox's account of so many people, and how to read it."""
    credentials = Credentials.of_seed(7)
    app = create_app(Company(people=people, seed=7), switches, faults, credentials)
    with running(app) as url:
        yield Account(
            url=url,
            client_id=credentials.client_id,
            client_secret=credentials.client_secret,
            timeout=0.5,
            throttle_wait=0.02,
            retry_wait=0.005,
        )


def everybody(
    client: PersonioV1 | PersonioV2, attributes: tuple[str, ...]
) -> tuple[list[Employee], Summary]:
    """Everybody whom the client reads, after it has checked what it may read."""
    client.check(attributes)
    reading = client.employees(attributes)
    people = [employee for page in reading for employee in page.employees]
    return people, reading.summary
