"""What an import costs, at several sizes, beside the simplest program that does as little.

    python -m benchmarks.imports [--write] [--engine postgres] 1000 10000 100000
    python -m benchmarks.imports --write 1000 10000 100000 1000000

Every size is measured by turns: the simplest program (up to 100,000 people), `rollcall import` into
a new folder, and the same import again, all from one sandbox of that many people in a process of
its own. `--write` puts the section into docs/performance.md.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from dataclasses import dataclass

from benchmarks import engines
from benchmarks.conditions import conditions, spread
from benchmarks.document import put
from benchmarks.import_costs import STRETCHES, Cost, Turn, costs, imports_alone, turns

IN_DETAIL = 100_000
"""Up to how many people the stretches of an import are measured too."""


@dataclass(frozen=True)
class Measured:
    """One size: its turns, and what its three imports cost by stretch."""

    people: int
    turns: list[Turn]
    costs: list[Cost]

    @property
    def first(self) -> float:
        """Seconds of a first import as a command."""
        return statistics.median(turn.first.seconds for turn in self.turns)


def commands(rows: list[Measured]) -> str:
    """The whole commands as a table in Markdown, each size beside the one before it."""
    lines = [
        "| people | simplest program, s | first import, s | × simplest program | × the row above |"
        " peak memory | again, s | its peak memory |",
        "|---:|" + "---:|" * 7,
    ]
    above: Measured | None = None
    for row in rows:
        bare = [turn.simplest for turn in row.turns if turn.simplest is not None]
        ratios = [turn.first.seconds / turn.simplest for turn in row.turns if turn.simplest]
        times = f"{row.first / above.first:.1f}" if above else ""
        cells = (
            f"{row.people:,}",
            spread(bare) if bare else "",
            spread([turn.first.seconds for turn in row.turns]),
            spread(ratios, 2) if ratios else "",
            times,
            f"{max(turn.first.megabytes for turn in row.turns)} MB",
            spread([turn.again.seconds for turn in row.turns]),
            f"{max(turn.again.megabytes for turn in row.turns)} MB",
        )
        lines.append(f"| {' | '.join(cells)} |")
        above = row
    return "\n".join(lines)


def stretches(rows: list[Measured]) -> str:
    """The costs by stretch as a table in Markdown."""
    lines = [
        "| people | import | users written | requests | statements per 1,000 |"
        f" seconds per 1,000 | {' | '.join(STRETCHES)} | peak memory |",
        "|---:|---|" + "---:|" * (5 + len(STRETCHES)),
    ]
    for row in rows:
        for name, cost in zip(("first", "again", "day 2"), row.costs, strict=False):
            shares = " | ".join(f"{cost.seconds[part] / cost.total:.0%}" for part in STRETCHES)
            lines.append(
                f"| {row.people:,} | {name} | {cost.written:,} | {cost.requests:,} |"
                f" {cost.statements * 1000 / row.people:.0f} |"
                f" {cost.total * 1000 / row.people:.2f} | {shares} | {cost.megabytes} MB |"
            )
    return "\n".join(lines)


def section(rows: list[Measured], words: list[str], engine: str) -> str:
    """What docs/performance.md says of imports on this engine."""
    return f"""
## Imports into the built-in directory, on {engine}

By turns: the simplest program, a first import as somebody types it (`rollcall import`, with the
start of the program, the making of the database and the result table), and the same import again.
The simplest program fetches the same pages from the same sandbox, one after the other with a bare
loop, and inserts the rows with `executemany`; it compares nothing, keeps no record, and could not
go on after a crash. Where there were several turns, the median and the range. Above 100,000
people the simplest program is left out.

{commands(rows)}

An import of N people makes ⌈N/100⌉ + 2 requests (a token, the readable attributes, the pages); a
program that asks for each person and writes each with a statement of its own would take 1,000
requests and at least 1,000 statements for a thousand people. The stretches of three imports one
after the other in one process: a first one, the same again, and the company's second day (hires,
leavers, moves, marriages), with their shares of the time and the process's most memory until then.

{stretches(rows)}

{conditions(engine)}. Made by `python -m benchmarks.imports {" ".join(words)}`.
"""


def main() -> None:
    """Measure the sizes that the command line names."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("people", nargs="*", type=int, default=[1000, 10_000, 100_000])
    words.add_argument("--rounds", type=int, default=3, help="turns of each size up to 100,000")
    words.add_argument("--write", action="store_true")
    engines.add_option(words)
    given = words.parse_args()
    rows = []
    for people in given.people:
        if people <= IN_DETAIL:
            by_turns = turns(people, given.rounds, given.engine)
            rows.append(Measured(people, by_turns, costs(people, given.engine)))
        else:
            rows.append(Measured(people, [imports_alone(people, given.engine)], []))
        print(commands(rows), stretches(rows), sep="\n\n", flush=True)
    engine = engines.NAMES[given.engine]
    print(conditions(engine))
    if given.write:
        name = "imports.py" if given.engine == "sqlite" else f"imports.py, {engine}"
        put(name, section(rows, sys.argv[1:], engine))


if __name__ == "__main__":
    main()
