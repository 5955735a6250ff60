"""What a change of the policies would have done to sign-ins of the past, before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rollcall.access.policies.decision.deciding import Explanation, Outcome, Rulebook
from rollcall.access.policies.decision.facts import Facts

MOST_NAMED: Final = 1000
"""How many people of each kind are named; all are counted."""


@dataclass(frozen=True, slots=True)
class Impact:
    """How many sign-ins were looked at, of how many people, and for whom it would be another way.

    `denied` would have been refused outright, `unable` asked for a factor while they had none,
    `asked` asked for one that they have, `admitted` let in where they were refused. People are
    named by `Facts.person`; somebody who is refused once is among those who are refused.
    """

    sign_ins: int
    people: int
    denied: tuple[str, ...]
    unable: tuple[str, ...]
    asked: tuple[str, ...]
    admitted: tuple[str, ...]

    @property
    def share_shut_out(self) -> float:
        """The share of people who would have been kept outside at least once, from 0 to 1."""
        outside = {*self.denied, *self.unable}
        return len(outside) / self.people if self.people else 0.0

    def as_json(self) -> dict[str, Any]:
        """The impact for a program."""
        return {
            "sign_ins": self.sign_ins,
            "people": self.people,
            **{
                kind: {"count": len(people), "who": list(people[:MOST_NAMED])}
                for kind, people in (
                    ("denied", self.denied),
                    ("unable", self.unable),
                    ("asked", self.asked),
                    ("admitted", self.admitted),
                )
            },
        }


def impact(before: Rulebook, after: Rulebook, sign_ins: Iterable[Facts]) -> Impact:
    """What `after` would have made of these sign-ins that `before` makes otherwise."""
    kinds: dict[str, dict[str, None]] = {"denied": {}, "unable": {}, "asked": {}, "admitted": {}}
    people: set[str] = set()
    count = 0
    for facts in sign_ins:
        count += 1
        people.add(facts.person)
        if kind := _difference(before.decide(facts), after.decide(facts)):
            kinds[kind][facts.person] = None
    named = {kind: tuple(persons) for kind, persons in kinds.items()}
    return Impact(count, len(people), **named)


def _difference(before: Explanation, after: Explanation) -> str:
    if after.outcome is Outcome.DENIED:
        return "" if before.outcome is Outcome.DENIED else "denied"
    if set(after.missing) - set(before.missing):
        return "asked" if after.facts.mfa_configured else "unable"
    return "admitted" if after.admitted and not before.admitted else ""


def shuts_out(rulebook: Rulebook, administrators: Iterable[Sequence[Facts]]) -> bool:
    """Whether none of the administrators could come in, each from nowhere that they come from.

    The facts say what each of them can prove, as if it had been given just now.
    """
    return not any(rulebook.decide(facts).admitted for places in administrators for facts in places)
