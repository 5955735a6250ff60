"""How long a decision over many access policies takes, and what of it CEL costs.

    python -m benchmarks.decisions [--policies 200] [--expressions 20] [--write]

All policies are for the door that is asked about, and for everybody: the worst that there can be.
Beside it, in turns in the same run: the same policies without the expressions, and the twenty
expressions evaluated alone. `--write` puts the section into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from benchmarks.conditions import conditions, spread
from benchmarks.document import put
from rollcall.access.policies.decision.address_lists import AddressList
from rollcall.access.policies.decision.deciding import Rulebook
from rollcall.access.policies.decision.expression import language
from rollcall.access.policies.decision.facts import Factor, Facts, Resource, ResourceType
from rollcall.access.policies.decision.parsing import Document, parse
from rollcall.access.policies.decision.policy import Policy

ROUNDS = 15
DECISIONS = 200
MOST_MILLISECONDS = 1.0
EXPRESSION = "('g7' in group_ids || country == 'DE') && now.getHours('Europe/Berlin') >= {hour}"
NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
LISTS = [
    AddressList.of(f"l{n}", f"List {n}", [f"10.{n}.{m}.0/25" for m in range(200)])
    for n in range(20)
]
FACTS = Facts(
    user_id="u1",
    resource=Resource(ResourceType.ADMIN_PORTAL),
    at=NOW,
    group_ids=frozenset(f"g{n}" for n in range(20)),
    address="10.3.7.9",
    country="DE",
    mfa_configured=True,
    proved={Factor.PASSWORD: NOW, Factor.TOTP: NOW},
)


def policy(number: int, *, expressed: bool) -> Policy:
    """A policy with five conditions, or with an expression."""
    written: dict[str, object] = {
        "all": [
            {"any": [{"ipAddressIn": [f"l{number % 20}"]}, {"locationIn": {"countries": ["DE"]}}]},
            {"not": {"deviceManaged": True}},
            {"time": {"from": "06:00", "until": "22:00", "zone": "Europe/Berlin"}},
            {"mfaConfigured": True},
        ]
    }
    if expressed:
        written = {"expression": EXPRESSION.format(hour=number % 24)}
    effect = {"action": "allow", "obligations": {"mfa": {"required": number % 3 == 0}}}
    targets = {"users": {"inclusions": ["ALL"]}}
    document = Document(f"P{number}", "", False, "admin_portal", targets, written, effect)
    return parse(str(number), document)


def milliseconds(call: Callable[[], object]) -> float:
    """The processor's time of one call, from many."""
    started = time.process_time()
    for _ in range(DECISIONS):
        call()
    return (time.process_time() - started) * 1000 / DECISIONS


def main() -> int:
    """Print the table; 1 where a decision takes longer than it may."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--policies", type=int, default=200)
    words.add_argument("--expressions", type=int, default=20)
    words.add_argument("--write", action="store_true")
    given = words.parse_args()
    plain = given.policies - given.expressions
    simple = [policy(number, expressed=False) for number in range(plain)]
    expressed = [policy(number, expressed=True) for number in range(given.expressions)]
    whole, without = Rulebook([*simple, *expressed], LISTS), Rulebook(simple, LISTS)
    compiled = [language().compile(EXPRESSION.format(hour=n % 24)) for n in range(len(expressed))]

    def alone() -> None:
        for expression in compiled:
            expression.evaluate(FACTS.named)

    calls: dict[str, Callable[[], object]] = {
        f"{given.policies} policies, {given.expressions} of them with CEL": lambda: whole.decide(
            replace(FACTS)
        ),
        f"the {plain} without": lambda: without.decide(replace(FACTS)),
        f"{given.expressions} expressions alone": alone,
        "the decision with its explanation as JSON": lambda: json.dumps(
            whole.decide(replace(FACTS)).as_json()
        ),
    }
    figures: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            figures[name].append(milliseconds(call))
    text = table(figures)
    print(text)
    if given.write:
        put("decisions.py", text)
    best = min(next(iter(figures.values())))
    return int(best > MOST_MILLISECONDS)


def table(figures: dict[str, list[float]]) -> str:
    """The section of the document."""
    rows = [f"| {name} | {spread(times, 2)} |" for name, times in figures.items()]
    return "\n".join(
        [
            "## A decision of conditional access",
            "",
            "All policies are for the person and the door that are asked about, the worst there",
            "can be. A policy has five conditions, one an IP list of 200 networks, or a CEL",
            "expression of three. Without the two to four statements that gather the facts.",
            "",
            "| decision | processor's milliseconds, median (least to most) |",
            "|---|---:|",
            *rows,
            "",
            f"{conditions()}. Made by `python -m benchmarks.decisions --write`.",
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main())
