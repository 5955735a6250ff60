"""How long a command takes to start, beside the least that its libraries allow.

    python -m benchmarks.start_up [--rounds 15] [--write]

Each command and its baseline are run by turns as whole processes. The processor's time counts: a
machine that is busy with other things does not blur it. `--write` puts the section into
docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.terminal import ROLLCALL

from benchmarks.conditions import conditions
from benchmarks.document import put

MOST_TIMES = 1.5

BARE_TYPER = """
import typer
app = typer.Typer(rich_markup_mode=None)
app.command("one")(lambda: None)
app.command("two")(lambda: None)
app()
"""
BARE_DJANGO = """
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS={apps!r},
    MIDDLEWARE={middleware!r},
    AUTH_USER_MODEL={account!r},
    DATABASES={{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}}},
    SECRET_KEY="no secret",
)
django.setup()
"""


@dataclass(frozen=True)
class Comparison:
    """A command beside its baseline: milliseconds of the processor's time, round by round."""

    command: str
    baseline: str
    ours: tuple[float, ...]
    bare: tuple[float, ...]

    def ratios(self) -> list[float]:
        """How many times the baseline each round of the command took."""
        return [ours / bare for ours, bare in zip(self.ours, self.bare, strict=True)]

    def row(self) -> str:
        """The comparison as a line of the table."""
        low, *_, high = sorted(self.ratios())
        cells = (
            f"`{self.command}`",
            self.baseline,
            f"{statistics.median(self.ours):.0f} ms",
            f"{statistics.median(self.bare):.0f} ms",
            f"{statistics.median(self.ratios()):.2f} ({low:.2f} to {high:.2f})",
        )
        return f"| {' | '.join(cells)} |"


def bare_django() -> str:
    """A program that sets Django up with Rollcall's apps and does nothing else."""
    from rollcall.project import settings

    return BARE_DJANGO.format(
        apps=settings.INSTALLED_APPS,
        middleware=settings.MIDDLEWARE,
        account=settings.AUTH_USER_MODEL,
    )


def compared(
    command: str, baseline: str, program: str, words: Sequence[str], rounds: int, folder: Path
) -> Comparison:
    """Both run by turns, after once to fill the caches."""
    file = folder / "bare.py"
    file.write_text(program, encoding="utf-8")
    ours, bare = [ROLLCALL, *command.split()[1:]], [sys.executable, str(file), *words]
    times = [(_milliseconds(ours), _milliseconds(bare)) for _ in range(rounds + 1)][1:]
    return Comparison(command, baseline, *(tuple(column) for column in zip(*times, strict=True)))


def _milliseconds(words: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def section(comparisons: Sequence[Comparison]) -> str:
    """The section of docs/performance.md."""
    return "\n".join(
        [
            "## Start",
            "",
            "Whole processes by turns, the processor's time; the ratio's median and range.",
            "",
            "| command | beside | command | baseline | ratio |",
            "|---|---|---:|---:|---:|",
            *(comparison.row() for comparison in comparisons),
            "",
            f"{conditions()}. Made by `python -m benchmarks.start_up --write`.",
        ]
    )


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["ROLLCALL_DATA_DIR"] = name
        how = (options.rounds, Path(name))
        comparisons = [
            compared("rollcall --help", "a bare Typer app's", BARE_TYPER, ["--help"], *how),
            compared("rollcall users", "Django set up with the same apps", bare_django(), [], *how),
        ]
    text = section(comparisons)
    sys.stdout.write(text + "\n")
    if options.write:
        put("start_up.py", text)
    slow = [c.command for c in comparisons if statistics.median(c.ratios()) > MOST_TIMES]
    if slow:
        sys.exit(f"more than {MOST_TIMES} times the baseline: {', '.join(slow)}")


if __name__ == "__main__":
    main()
