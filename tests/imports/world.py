"""An ordinary world for imports: an invented company behind a real server, and runs of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rollcall.directory.models import User
from rollcall.imports import dispatch, open_targets, runs
from rollcall.imports.models import ACTIVE_STATES, ChangeRecord, Run
from rollcall.imports.options import Options
from rollcall.jobs.process import this_process
from rollcall.provisioning.reason import Reason
from rollcall.sandbox.company import Company
from rollcall.sandbox.credentials import Credentials
from rollcall.sandbox.faults import Faults
from rollcall.sandbox.server import create_app, running
from rollcall.sandbox.switches import Switches
from rollcall.sources import base
from rollcall.sources.personio.account import Account
from tests.actors import TESTER

CLI = runs.Starter(TESTER)
SECONDS = 60.0


@dataclass(frozen=True)
class Personio:
    """A stand-in account that is listening, and who has its credentials."""

    app: Starlette
    account: Account
    company: Company

    def becomes(self, company: Company) -> None:
        """The same account on another day, or with other people."""
        object.__setattr__(self.app.state.account, "company", company)

    def lets_read_all_but(self, *attributes: str) -> None:
        """Take these attributes from the credential, by v1's keys."""
        switches = replace(Switches(), unreadable=frozenset(attributes))
        object.__setattr__(self.app.state.account, "switches", switches)


class LosesPages:
    """In front of an account: pages that begin at one of `offsets` are answered with 500."""

    def __init__(self, app: ASGIApp, offsets: set[str]) -> None:
        self.app = app
        self.offsets = offsets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = parse_qs(scope.get("query_string", b"").decode())
        if self.offsets.intersection(asked.get("offset", [])):
            await Response(status_code=500)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


@dataclass(frozen=True)
class PartlyGone(Company):
    """A company in which everybody from the position `gone_from` on has become inactive."""

    gone_from: int = 0

    def status(self, position: int) -> str:
        """Personio's word for where the person at `position` stands."""
        return "inactive" if position >= self.gone_from else super().status(position)


@contextmanager
def personio(
    people: int = 87,
    *,
    peculiar: bool = False,
    switches: Switches | None = None,
    faults: Faults | None = None,
    loses: set[str] | None = None,
) -> Iterator[Personio]:
    """A company's account on a free port; without peculiar people unless they are asked for."""
    company = Company(people, peculiar=peculiar)
    app = create_app(company, switches, faults)
    if loses is not None:
        app.add_middleware(LosesPages, offsets=loses)
    pair = Credentials.of_seed(company.seed)
    with running(app) as url:
        account = Account(
            url, pair.client_id, pair.client_secret, throttle_wait=0.01, retry_wait=0.01, tries=6
        )
        yield Personio(app, account, company)


def request(
    account: base.Account,
    *,
    directory: str = "builtin",
    options: Options | None = None,
    review: bool = False,
    starter: runs.Starter = CLI,
) -> runs.Request:
    """An import of this account that somebody asks for."""
    connection = runs.connection_for(account, directory)
    return runs.Request(connection, account, starter, options or Options(), review)


def begin(account: base.Account, **choices: Any) -> Run:
    """An import that this process has begun to carry out in the background."""
    run = runs.start_here(request(account, **choices))
    dispatch.begin(run)
    return run


def ended(run_id: UUID) -> Run:
    """The run once it is no longer at work."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        run = Run.objects.get(pk=run_id)
        if run.state not in ACTIVE_STATES:
            return run
        time.sleep(0.01)
    raise AssertionError(f"after {SECONDS} s the run is still {run.state}")


def let_go(run: Run) -> None:
    """Wait until nothing in this process is at the run any more, its e-mail included."""
    until = time.monotonic() + SECONDS
    while run.pk in open_targets._open:
        assert time.monotonic() < until, "the workflow went on"
        time.sleep(0.01)


def imported(account: base.Account, **choices: Any) -> Run:
    """An import carried out to its end, or to its review."""
    return ended(begin(account, **choices).pk)


def approved(run: Run) -> Run:
    """A reviewed run, carried out to its end."""
    run = runs.approve(TESTER, run.pk, executor=this_process().executor)
    dispatch.begin(run)
    return ended(run.pk)


def results(run: Run) -> dict[str, str]:
    """How each employee of the run came out."""
    return dict(ChangeRecord.objects.filter(run=run).values_list("employee_id", "result"))


def directory() -> list[dict[str, Any]]:
    """Every user as an administrator sees it, without ids and times of the directory's own."""
    columns = ("username", "email", "firstname", "lastname", "state", "jobTitle", "employeeType")
    more = (
        "company",
        "location",
        "department",
        "costCenter",
        "identities__external_id",
        "manager__email",
    )
    return list(
        User.objects.order_by("identities__external_id", "email").values(
            *columns, *more, "identities__external_id", "manager__email"
        )
    )


def told(run: Run) -> list[str]:
    """The warnings of the run as a whole, in words."""
    return [Reason.from_record(one).text() for one in run.warnings]


def accounted(run: Run) -> None:
    """Assert that everybody fetched has a result, and that the counts say the same."""
    found = list(ChangeRecord.objects.filter(run=run).values_list("result", flat=True))
    assert "" not in found
    assert len(found) == run.fetched
    assert sum(run.counts.values()) == run.fetched
