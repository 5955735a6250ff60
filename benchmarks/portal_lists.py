"""Times every list page of the portal with 500 and with 50,000 users, in one database and run.

.venv/bin/python -m benchmarks.portal_lists [--few 500] [--many 50000] [--rounds 20]
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    """One page at one size: the median time in milliseconds, and the number of queries."""

    milliseconds: float
    queries: int


def pages() -> list[Page]:
    """Every list page there is, in the world of `portal_world`."""
    from django.urls import NoReverseMatch, reverse

    from benchmarks.portal_world import BIG_GROUP
    from rollcall.directory.builtin.models import UserGroup

    group = UserGroup.objects.get(name=BIG_GROUP).pk
    wanted: list[tuple[str, str, dict[str, object], str]] = [
        ("users", "users", {}, ""),
        ("users, only active ones", "users", {}, "?state=ACTIVATED"),
        ("users, search", "users", {}, "?q=brandt1"),
        ("user groups", "groups", {}, ""),
        ("a group's members", "group", {"group_id": group}, ""),
        ("members to add", "group-add", {"group_id": group}, ""),
        ("imports", "imports", {}, ""),
        ("a run's changes", "run", {"run_number": 1}, ""),
        ("audit log", "audit", {}, ""),
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


def measure(client: Client, page: Page, rounds: int) -> Timing:
    """Open the page `rounds` times after a first time that fills caches."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    assert client.get(page.address).status_code == 200, page.label
    with CaptureQueriesContext(connection) as queries:
        client.get(page.address)
        count = len(queries)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        client.get(page.address)
        times.append(time.perf_counter() - start)
    return Timing(statistics.median(times) * 1000, count)


def measure_all(client: Client, rounds: int) -> dict[Page, Timing]:
    """Every list page at the present size."""
    return {page: measure(client, page, rounds) for page in pages()}


def ratio(few: Timing, many: Timing) -> float:
    """How many times as long the page takes with many."""
    return many.milliseconds / few.milliseconds


def signed_in() -> Client:
    """A client that an administrator has signed in."""
    from django.test import Client

    from benchmarks.portal_world import administrator

    client = Client()
    client.force_login(
        administrator(), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def compare(few: int, many: int, rounds: int) -> list[tuple[Page, Timing, Timing]]:
    """Every list page with `few` and then with `many` users, in the database at hand."""
    from benchmarks.portal_world import fill

    client = signed_in()
    fill(few)
    before = measure_all(client, rounds)
    fill(many)
    after = {page.address: timing for page, timing in measure_all(client, rounds).items()}
    return [(page, timing, after[page.address]) for page, timing in before.items()]


def table(found: list[tuple[Page, Timing, Timing]], few: int, many: int) -> str:
    """The comparison as a table."""
    head = f"{'page':24} {few:>9,} {many:>9,}   ratio  queries"
    lines = [head, "-" * len(head)]
    for page, first, second in found:
        queries = str(second.queries)
        if first.queries != second.queries:
            queries = f"{first.queries} → {second.queries}"
        lines.append(
            f"{page.label:24} {first.milliseconds:6.1f} ms {second.milliseconds:6.1f} ms "
            f"{ratio(first, second):6.2f}  {queries}"
        )
    return "\n".join(lines)


def main() -> None:
    """Make a database of its own, compare, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=500)
    parser.add_argument("--many", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rollcall-benchmark-") as folder:
        os.environ["ROLLCALL_DATA_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rollcall.project.settings")
        import django
        from django.core.management import call_command
        from django.test.utils import setup_test_environment

        django.setup()
        setup_test_environment()
        call_command("migrate", verbosity=0)
        print(table(compare(given.few, given.many, given.rounds), given.few, given.many))


if __name__ == "__main__":
    main()
