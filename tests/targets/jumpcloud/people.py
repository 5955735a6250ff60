"""Changes of invented people, and a journal that remembers in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from rollcall.provisioning.change import Change, FieldChange, Kind, Outcome
from rollcall.provisioning.reason import Reason

Fields: TypeAlias = "Mapping[str, tuple[str | None, str | None]]"


@dataclass
class Memory:
    """A journal; `crash_on` ends the process, as it were, when that verb is called."""

    begun: bool = False
    recorded_job: str | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    crash_on: str = ""

    def begin(self) -> bool:
        before, self.begun = self.begun, True
        return before

    def job(self) -> str | None:
        return self.recorded_job

    def record_job(self, job: str) -> None:
        if self.crash_on == "before job":
            raise KeyboardInterrupt
        self.recorded_job = job
        if self.crash_on == "after job":
            raise KeyboardInterrupt

    def prove(self) -> None:
        """Nobody takes anything from a test."""

    def record(self, outcomes: Sequence[Outcome]) -> None:
        assert not self.outcomes.keys() & {one.employee_id for one in outcomes}
        self.outcomes |= {one.employee_id: one for one in outcomes}

    def results(self) -> dict[str, str]:
        """The result of every employee, in words."""
        return {key: one.result.value for key, one in self.outcomes.items()}

    def codes(self) -> dict[str, str]:
        """The reason's code of every employee that has one."""
        return {key: one.error.code for key, one in self.outcomes.items() if one.error}


def create(number: int, **after: str | None) -> Change:
    """A new user for employee `number`."""
    fields = {
        "username": f"person{number}",
        "email": f"person{number}@example.org",
        "firstname": "Mara",
        "lastname": f"Voß {number}",
        **after,
    }
    return _change(Kind.CREATE, number, None, {name: (None, one) for name, one in fields.items()})


def change(
    kind: Kind,
    number: int,
    user_id: str,
    fields: Fields,
    external_id: str | None = None,
) -> Change:
    """A change of a user who is there: by field, before and after."""
    made = _change(kind, number, user_id, fields)
    return Change(
        **{name: getattr(made, name) for name in made.__slots__ if name != "external_id"},
        external_id=external_id,
    )


def _change(
    kind: Kind,
    number: int,
    user_id: str | None,
    fields: Fields,
) -> Change:
    return Change(
        kind=kind,
        employee_id=str(number),
        name=f"Mara Voß {number}",
        email=f"person{number}@example.org",
        reason=Reason("new", {"status": "active"}),
        user_id=user_id,
        fields=tuple(FieldChange(name, before, after) for name, (before, after) in fields.items()),
        external_id=str(number) if kind is Kind.CREATE else None,
    )
