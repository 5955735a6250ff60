"""Times every list page of the portal with 500 and with 50,000 users, by turns in one run.

python -m benchmarks.portal_lists [--few 500] [--many 50000] [--rounds 20] [--engine postgres]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from benchmarks import engines
from benchmarks.conditions import conditions, spread

if TYPE_CHECKING:
    from django.test import Client

MOST_TIMES = 1.5
"""How much longer a list page may take with a hundred times the people."""

SEARCH_MS = 150
"""How long a search over everybody may take."""


@dataclass(frozen=True)
class Page:
    """A page to time: what it is called in the table, and its address."""

    label: str
    address: str
    search: bool = False


@dataclass(frozen=True)
class Timing:
    """One page at one size, in milliseconds: medians of the clock and of the processor's time.

    SQLite works inside the process, so that the processor's time is the whole work, and a machine
    that is busy with other things does not blur it. PostgreSQL's work is not in it. `rounds` are
    the clock's times one by one.
    """

    milliseconds: float
    work: float
    queries: int
    rounds: tuple[float, ...] = ()


def pages() -> list[Page]:
    """Every list page there is, in the world of `portal_world`."""
    from django.urls import NoReverseMatch, reverse

    from benchmarks.portal_world import BIG_GROUP
    from rollcall.directory.models import UserGroup

    group = UserGroup.objects.get(name=BIG_GROUP).pk
    wanted: list[tuple[str, str, dict[str, object], str]] = [
        ("users", "users", {}, ""),
        ("users, only active ones", "users", {}, "?state=ACTIVATED"),
        ("users, search", "users", {}, "?q=user49"),
        ("user groups", "groups", {}, ""),
        ("a group's members", "group", {"group_id": group}, ""),
        ("members to add", "group-add", {"group_id": group}, ""),
        ("imports", "imports", {}, ""),
        ("a run's changes", "run", {"run_number": 1}, ""),
        ("events", "insights", {}, ""),
        ("applications", "applications", {}, ""),
    ]
    found = []
    for label, name, parameters, query in wanted:
        try:
            address = reverse(name, kwargs=parameters or None)
        except NoReverseMatch:
            continue
        found.append(Page(label, address + query, search="search" in label))
    return found


class Site:
    """A portal on a database of its own, a file or one of a server, with somebody signed in."""

    def __init__(self, database: str, users: int) -> None:
        from django.core.management import call_command

        from benchmarks.portal_world import fill

        self.database = database
        self.open()
        call_command("migrate", verbosity=0)
        fill(users)
        self.client = signed_in()
        self.pages = pages()

    def open(self) -> None:
        """Let the process work on this site's database."""
        from django.db import connection

        connection.close()
        connection.settings_dict["NAME"] = self.database

    def queries(self, page: Page) -> int:
        """How many queries the page needs; fills caches, too."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self.open()
        assert self.client.get(page.address).status_code == 200, page.label
        with CaptureQueriesContext(connection) as queries:
            self.client.get(page.address)
            return len(queries)

    def once(self, page: Page) -> tuple[float, float]:
        """The page opened once: seconds by the clock and of the processor."""
        self.open()
        self.client.get("/account/profile-that-is-not/")  # opens the database
        clock, work = time.perf_counter(), time.process_time()
        self.client.get(page.address)
        return time.perf_counter() - clock, time.process_time() - work


def compare(sites: tuple[Site, Site], rounds: int) -> list[tuple[Page, Timing, Timing]]:
    """Every list page at both sizes, by turns."""
    found = []
    for pair in zip(*(one.pages for one in sites), strict=True):
        queries = [site.queries(page) for site, page in zip(sites, pair, strict=True)]
        taken: list[list[tuple[float, float]]] = [[], []]
        for _ in range(rounds):
            for n, site in enumerate(sites):
                taken[n].append(site.once(pair[n]))
        first, second = (
            Timing(
                statistics.median(clock for clock, _ in taken[n]) * 1000,
                statistics.median(work for _, work in taken[n]) * 1000,
                queries[n],
                tuple(clock * 1000 for clock, _ in taken[n]),
            )
            for n in range(2)
        )
        found.append((pair[0], first, second))
    return found


def ratio(few: Timing, many: Timing) -> float:
    """How many times as much work the page is with many."""
    return many.work / few.work


def signed_in() -> Client:
    """A client that an administrator has signed in."""
    from django.test import Client

    from benchmarks.portal_world import administrator

    client = Client()
    client.force_login(administrator(), backend="rollcall.accounts.backend.AccountBackend")
    return client


def table(found: list[tuple[Page, Timing, Timing]], few: int, many: int) -> str:
    """The comparison as a table: clock and work at both sizes, the ratio of the work."""
    head = f"{'page':24} {f'{few:,} users':>21}  {f'{many:,} users':>21}   ratio  queries"
    head += "  clock with many, and its range"
    lines = [head, f"{'':24} {'clock':>10} {'work':>10}  {'clock':>10} {'work':>10}"]
    for page, first, second in found:
        queries = str(second.queries)
        if first.queries != second.queries:
            queries = f"{first.queries} → {second.queries}"
        lines.append(
            f"{page.label:24} {first.milliseconds:7.1f} ms {first.work:7.1f} ms  "
            f"{second.milliseconds:7.1f} ms {second.work:7.1f} ms  "
            f"{ratio(first, second):6.2f}  {queries:7}  {spread(second.rounds)} ms"
        )
    return "\n".join(lines)


def main() -> None:
    """Make two databases, compare, print the table or, with `--json`, the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=500)
    parser.add_argument("--many", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    engines.add_option(parser)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rollcall-benchmark-") as folder:
        os.environ["ROLLCALL_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "rollcall.project.settings"
        few = engines.new_database(given.engine, "few")
        many = engines.new_database(given.engine, "many")
        os.environ["ROLLCALL_DATABASE_URL"] = few
        import django
        from django.test.utils import setup_test_environment

        django.setup()
        setup_test_environment()
        sites = (
            Site(few.rpartition("/")[2] or f"{folder}/few.db", given.few),
            Site(many.rpartition("/")[2] or f"{folder}/many.db", given.many),
        )
        found = compare(sites, given.rounds)
    if given.json:
        print(json.dumps([_figures(*one) for one in found]))
    else:
        print(table(found, given.few, given.many))
        print(conditions(engines.NAMES[given.engine]))


def _figures(page: Page, few: Timing, many: Timing) -> dict[str, object]:
    return {
        "page": page.label,
        "search": page.search,
        "few": asdict(few),
        "many": asdict(many),
        "ratio": ratio(few, many),
    }


if __name__ == "__main__":
    main()
