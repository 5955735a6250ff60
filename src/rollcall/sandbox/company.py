"""The invented company: every person is computed from the seed when asked for, none is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from math import ceil

from . import catalog, daytwo, edge_cases, orgchart, units
from .clock import DAY_ONE, DAY_TWO, FOUNDED
from .daytwo import FIRST_ID, DayTwo, Event
from .edge_cases import Peculiarity
from .names import Name, Registry, married, registry
from .person import Person
from .prng import mix, scatter

LARGEST = 1_000_000

_STATUS = {
    **dict.fromkeys((40, 55, 70, 85), "onboarding"),
    **dict.fromkeys((41, 56, 71, 86), "inactive"),
    **dict.fromkeys((42, 72), "leave"),
}
_EXTERNAL = frozenset((38, 47, 59, 66, 78, 93))
_HOURS = (40, 40, 40, 40, 40, 40, 35, 35, 32, 32, 30, 20, 40, 40, 38, 16)
_TOUCHED = tuple(
    frozenset((key,))
    for key in (
        "position",
        "office",
        "weekly_working_hours",
        "fix_salary",
        "cost_centers",
        "dynamic_612345",
        "supervisor",
        "work_schedule",
    )
)
_MOVED = frozenset(
    ("cost_centers", "supervisor", "office", "subcompany", "department", "team", "position")
)
_LEFT = frozenset(("status", "termination_date", "termination_type", "last_working_day"))
_RENAMED = frozenset(("last_name", "preferred_name", "email"))
_HIRED = frozenset(("first_name", "hire_date", "employment_type", "cost_centers", "created_at"))
_HIRED |= _MOVED | _LEFT | _RENAMED
_CHANGED = {Event.MOVE: _MOVED, Event.LEAVER: _LEFT, Event.RENAME: _RENAMED}
# Everybody was changed some time in the last 300 days, evenly: `modified_since` computes who.
_WINDOW = 300 * 86_400
_EVENING = datetime.combine(DAY_ONE, time(17))


@dataclass(frozen=True)
class Company:
    """A company of `people` on day one, seen on `day` 1 or 2.

    Whoever is still to start does so in the weeks after `today`; nothing else depends on it.

    Raises ValueError for a size outside 1..1,000,000 or another day.
    """

    people: int = 87
    seed: int = 1
    day: int = 1
    peculiar: bool = True
    today: date = DAY_TWO

    def __post_init__(self) -> None:
        if not 1 <= self.people <= LARGEST:
            raise ValueError(f"a company has 1 to {LARGEST:,} people, not {self.people:,}")
        if self.day not in (1, 2):
            raise ValueError(f"there is a day 1 and a day 2, no day {self.day}")

    def __len__(self) -> int:
        return self.people + (daytwo.hires(self.people) if self.day == 2 else 0)

    def __iter__(self) -> Iterator[Person]:
        return (self.person(position) for position in range(len(self)))

    def on_day(self, day: int) -> Company:
        """The same company on another day."""
        return replace(self, day=day)

    def position_of(self, employee_id: int) -> int | None:
        """The position of a Personio id; None when nobody has it."""
        position = employee_id - FIRST_ID
        return position if 0 <= position < len(self) else None

    def position_of_text(self, employee_id: str) -> int | None:
        """The position of a Personio id written out; None when it is no number or nobody's."""
        # Bounded, since it comes from an address: a number of a million digits takes long to read.
        if not (employee_id.isascii() and employee_id.isdecimal() and len(employee_id) < 20):
            return None
        return self.position_of(int(employee_id))

    def person(self, position: int) -> Person:
        """The person at `position` of `range(len(company))`."""
        bits = mix(self.seed, 1, position)
        status, event = self.status(position), self._event(position)
        above = self._above(position, event)
        department, team = self._unit(position, above, bits)
        office = self._office(bits, event)
        name = self._name(position, event)
        external = self._external(position)
        hired = self._hired(position, status, bits)
        modified, touched = self._change(position, event)
        return Person(
            id=FIRST_ID + position,
            first_name=name.first.written,
            last_name=name.last.written,
            preferred_name=f"{name.first.written} {name.last.written}",
            email=self.email(position),
            gender="diverse" if bits % 211 == 0 else name.gender,
            status=status,
            position=self._title(position, department, bits),
            supervisor=None if above is None else FIRST_ID + above,
            employment_type="external" if external else "internal",
            weekly_hours=_HOURS[bits >> 8 & 15],
            office=office,
            subcompany=catalog.SUBCOMPANIES[office.subcompany],
            department=department,
            team=team,
            cost_centers=units.cost_centers(department, bits),
            hired=hired,
            terminated=self._terminated(position, hired, event, bits),
            contract_end=hired + timedelta(days=730) if external else None,
            probation_end=hired + timedelta(days=182),
            created=_created(hired, modified, bits),
            modified=modified,
            touched=touched,
            salary=2600 + (bits >> 20 & 63) * 50,
            bits=bits,
        )

    def status(self, position: int) -> str:
        """Personio's word for where the person at `position` stands."""
        if position >= self.people:
            return "onboarding" if (position - self.people) % 2 else "active"
        if self._event(position) is Event.LEAVER:
            return "inactive"
        if self._peculiarity(position) is Peculiarity.LEFT_SUPERVISOR:
            return "inactive"
        status = _STATUS.get((self.people - 1 - position) % 100, "active")
        # Who has reports stays, so that the tree hangs together; the left supervisors are peculiar.
        if position <= self.last_manager and status != "leave":
            return "active"
        return "active" if position == 0 else status

    def email(self, position: int) -> str | None:
        """The address on the record of the person at `position`."""
        slot = self._slot(position)
        if slot is not None:
            which, place = slot
            kind = edge_cases.KINDS[place]
            if kind is Peculiarity.NO_EMAIL:
                return None
            if kind is Peculiarity.SHARED_MAILBOX:
                return f"{edge_cases.shared_mailbox(which)}@{catalog.DOMAIN}"
            if kind is Peculiarity.DUPLICATE_EMAIL and place % 2:
                return self._own_email(position + 1)
            if kind is Peculiarity.DUPLICATE_IN_OTHER_CASE and place % 2:
                return self._own_email(position + 1).upper() + " "
        return self._own_email(position)

    @cached_property
    def last_manager(self) -> int:
        """The last position that somebody reported to on day one; -1 without any."""
        return orgchart.last_manager(self.people)

    def modified_since(self, since: datetime) -> list[int]:
        """The positions whose records were changed after `since` (Berlin's time), ascending."""
        factor, shift = self._order
        seconds = ceil((_EVENING - since).total_seconds())
        # The inverse of `_change`: whoever has a rank below this one was changed after `since`.
        newest = ceil(seconds * self.people / _WINDOW)
        positions = {
            at for at in range(self.people) if (factor * at + shift) % self.people < newest
        }
        if self.day == 2:
            today = day_two(self)
            ids = (*today.hires, *today.leavers, *today.moves, *today.renames)
            changed = (employee_id - FIRST_ID for employee_id in ids)
            positions |= {at for at in changed if self.change(at)[0] > since}
        return sorted(positions)

    def change(self, position: int) -> tuple[datetime, frozenset[str]]:
        """When a record was last changed, in Berlin's time, and which attributes (v1's keys)."""
        return self._change(position, self._event(position))

    def name(self, position: int) -> Name:
        """The name of the person at `position`."""
        return self._name(position, self._event(position))

    def _event(self, position: int) -> Event | None:
        return daytwo.event(self.people, position) if self.day == 2 else None

    def _slot(self, position: int) -> tuple[int, int] | None:
        return edge_cases.slot(self.people, position) if self.peculiar else None

    def _peculiarity(self, position: int) -> Peculiarity | None:
        slot = self._slot(position)
        return None if slot is None else edge_cases.KINDS[slot[1]]

    @cached_property
    def _names(self) -> Registry:
        return registry(self.seed)

    def _name(self, position: int, event: Event | None) -> Name:
        name = self._names.name(position)
        if event is Event.RENAME:
            return married(name, daytwo.marriage(self.people, position))
        return name

    def _own_email(self, position: int) -> str:
        ext = ".ext" if self._external(position) else ""
        return f"{self.name(position).mailbox()}{ext}@{catalog.DOMAIN}"

    def _external(self, position: int) -> bool:
        place = (self.people - 1 - position) % 100
        return self.last_manager < position < self.people and place in _EXTERNAL

    def _above(self, position: int, event: Event | None) -> int | None:
        if position >= self.people:
            return mix(self.seed, 2, position) % (self.last_manager + 1)
        slot = self._slot(position)
        if slot is not None and slot[1] in edge_cases.SUPERVISOR_STEPS:
            return position - edge_cases.SUPERVISOR_STEPS[slot[1]]
        above = orgchart.parent(position)
        if event is Event.MOVE and above is not None:
            step = 1 + mix(self.seed, 3, position) % self.last_manager
            return (above + step) % (self.last_manager + 1)
        return above

    def _unit(
        self, position: int, above: int | None, bits: int
    ) -> tuple[catalog.Department, catalog.Named | None]:
        own = orgchart.chain(position)
        if above is None or above == orgchart.parent(position) or self._slot(position) is not None:
            return units.department(own), self._team(own)
        beside = orgchart.chain(above)
        if len(beside) > 2:
            return units.department(beside), self._team(beside)
        head = beside[1] if len(beside) == 2 else 1 + bits % len(catalog.DIVISIONS)
        return units.department([0, head, bits % 7]), None

    def _team(self, chain: list[int]) -> catalog.Named | None:
        heads = [head for head in chain[2:4] if head <= self.last_manager]
        return units.team(heads[-1] - orgchart.level_start(2))[0] if heads else None

    def _office(self, bits: int, event: Event | None) -> catalog.Office:
        at = catalog.OFFICE_AT[bits & 63]
        step = 1 + (bits >> 6) % (len(catalog.OFFICES) - 1) if event is Event.MOVE else 0
        return catalog.OFFICES[(at + step) % len(catalog.OFFICES)]

    def _title(self, position: int, department: catalog.Department, bits: int) -> str:
        kind = self._peculiarity(position)
        if kind is Peculiarity.HTML_POSITION:
            return edge_cases.HTML_POSITION
        if kind is Peculiarity.ENTITY_POSITION:
            return edge_cases.ENTITY_POSITION
        if position == 0:
            return "Geschäftsführung"
        if position <= self.last_manager:
            lead = "Bereichsleitung" if orgchart.parent(position) == 0 else "Teamleitung"
            return f"{lead} {department.name}"
        titles = catalog.DIVISIONS[max(department.division, 0)].positions
        senior = "Senior " if bits >> 30 & 7 == 0 else ""
        return senior + titles[(bits >> 12) % len(titles)]

    def _hired(self, position: int, status: str, bits: int) -> date:
        days = (DAY_ONE - FOUNDED).days
        if status == "onboarding":
            return self.today + timedelta(days=3 + bits % 45)
        if position >= self.people:
            return DAY_TWO
        offset = position * (days - 60) // self.people + bits % 60
        hired = FOUNDED + timedelta(days=offset)
        return hired - timedelta(days=400) if self._gone_on_day_one(position) else hired

    def _gone_on_day_one(self, position: int) -> bool:
        return self.status(position) == "inactive" and self._event(position) is not Event.LEAVER

    def _terminated(
        self, position: int, hired: date, event: Event | None, bits: int
    ) -> date | None:
        if event is Event.LEAVER:
            return DAY_ONE
        if not self._gone_on_day_one(position):
            return None
        employed = 200 + (bits >> 3) % max(1, (DAY_ONE - hired).days - 210)
        return hired + timedelta(days=employed)

    def _change(self, position: int, event: Event | None) -> tuple[datetime, frozenset[str]]:
        if event is not None or position >= self.people:
            moment = datetime.combine(DAY_TWO, time(8)) + timedelta(seconds=position % 28_800)
            return moment, _HIRED if event is None else _CHANGED[event]
        factor, shift = self._order
        rank = (factor * position + shift) % self.people
        return _EVENING - timedelta(seconds=_WINDOW * rank // self.people), _TOUCHED[rank & 7]

    @cached_property
    def _order(self) -> tuple[int, int]:
        return scatter(self.seed, 5, self.people)


def _created(hired: date, modified: datetime, bits: int) -> datetime:
    morning = datetime.combine(hired, time(8)) - timedelta(days=10 + bits % 20)
    # Nobody is changed before they were entered.
    return min(morning + timedelta(seconds=bits >> 16 & 0x7FFF), modified)


def day_two(company: Company) -> DayTwo:
    """The exact sets of people whom day two changes, as Personio ids."""
    return daytwo.day_two_of(company.people)


def peculiar_people(company: Company) -> Iterator[tuple[int, Peculiarity]]:
    """Every peculiar person's Personio id and what is peculiar about them."""
    if company.peculiar:
        for which in range(edge_cases.sets(company.people)):
            for place, kind in enumerate(edge_cases.KINDS):
                yield FIRST_ID + edge_cases.position(company.people, which, place), kind
