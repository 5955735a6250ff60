"""How many people sign in with a password in a second, beside what the hash alone allows.

    python -m benchmarks.sign_ins [--users 1000] [--rounds 7] [--write]

A sign-in is the whole request that proves the password, of a user of the directory: the form with
its CSRF token, lock-outs, the settings of the user's groups, the session, the event. Both are
measured in turns in one process, by the processor's time, so for one core; on SQLite, which works
inside of the process.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Final

from benchmarks.conditions import conditions, spread
from benchmarks.document import put

LEAST_SHARE: Final = 0.6
"""Of the sign-ins that the hash alone allows."""

AT_ONCE: Final = 20
PASSWORD: Final = "a quiet river in may"  # noqa: S105 - invented


def main() -> int:
    """Print the table; 1 where sign-ins are fewer than they may be."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--users", type=int, default=1000)
    words.add_argument("--rounds", type=int, default=7)
    words.add_argument("--write", action="store_true")
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ROLLCALL_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "rollcall.project.settings"
        names = prepare(given.users)
        figures = measure(names, given.rounds)
    text = table(figures, given.users)
    print(text)
    if given.write:
        put("sign_ins.py", text)
    return int(share(figures) < LEAST_SHARE)


def prepare(users: int) -> list[str]:
    """A directory of so many users, of whom the first twenty have a password; their e-mails."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    from benchmarks.portal_world import fill
    from rollcall.accounts import activation
    from rollcall.core.actor import ROLLCALL
    from rollcall.directory.models import User
    from rollcall.directory.services import HAND

    setup_test_environment()
    # All come from one address here, which is bounded elsewhere.
    settings.ACCOUNT_RATE_LIMITS = False
    call_command("migrate", verbosity=0)
    fill(users)
    people = list(User.objects.filter(state="ACTIVATED").order_by("pk")[:AT_ONCE])
    for person in people:
        activation.give_password(ROLLCALL, HAND, person.pk, PASSWORD, must_change=False)
    return [person.email for person in people]


def measure(names: list[str], rounds: int) -> dict[str, list[float]]:
    """The processor's milliseconds of each, round by round."""
    from django.contrib.auth.hashers import check_password
    from django.test import Client

    from rollcall.accounts.models import Account

    hashed = Account.objects.get(email=names[0]).password

    # One for all, since a new one would look for the static files anew, as a process does once.
    client = Client()

    def sign_in(name: str) -> None:
        client.cookies.clear()
        answer = client.post("/account/sign-in/", {"login": name, "password": PASSWORD})
        assert answer.status_code == 302

    def hash_alone(_name: str) -> None:
        assert check_password(PASSWORD, hashed)

    calls: dict[str, Callable[[str], None]] = {
        "a password sign-in": sign_in,
        "the hash alone": hash_alone,
    }
    figures: dict[str, list[float]] = {name: [] for name in calls}
    sign_in(names[0])  # fills what a process fills once
    for _ in range(rounds):
        for label, call in calls.items():
            started = time.process_time()
            for name in names:
                call(name)
            figures[label].append((time.process_time() - started) * 1000 / len(names))
    return figures


def share(figures: dict[str, list[float]]) -> float:
    """The sign-ins of a second, as a share of the hashes of a second."""
    whole, alone = (statistics.median(times) for times in figures.values())
    return alone / whole


def table(figures: dict[str, list[float]], users: int) -> str:
    """The section of the document."""
    rows = [
        f"| {name} | {spread(times)} | {1000 / statistics.median(times):.1f} |"
        for name, times in figures.items()
    ]
    return "\n".join(
        [
            "## Signing in with a password",
            "",
            f"{users:,} users. Argon2id with OWASP's parameters is most of it, as it should be.",
            "",
            "| | processor's milliseconds, median (least to most) | a second on one core |",
            "|---|---:|---:|",
            *rows,
            "",
            f"{share(figures):.2f} of what the hash alone allows (at least {LEAST_SHARE}).",
            "",
            f"{conditions('SQLite')}. Made by `python -m benchmarks.sign_ins --write`.",
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main())
