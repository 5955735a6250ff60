"""One row of a file becomes an employee; what cannot be used is said with the row's number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

from rollcall.core.text import clean
from rollcall.provisioning.employee import CostCenter, Employee, Status, Supervisor
from rollcall.provisioning.employee_ids import LONGEST_ID
from rollcall.provisioning.reason import Reason
from rollcall.sources.csv.dialect import Row
from rollcall.sources.csv.notes import Notes

STATUSES: Final[Mapping[str, Status]] = {
    **{status.value: status for status in Status},
    "aktiv": Status.ACTIVE,
    "inaktiv": Status.INACTIVE,
    "terminated": Status.INACTIVE,
    "ausgeschieden": Status.INACTIVE,
    "on leave": Status.LEAVE,
    "abwesend": Status.LEAVE,
    "beurlaubt": Status.LEAVE,
    "eintritt": Status.ONBOARDING,
    "pre-hire": Status.ONBOARDING,
}
"""The words of HR systems for where an employee stands, in small letters."""

_GERMAN_DAY: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SHARE: Final = re.compile(r"(.*?)\s*\(\s*(\d{1,3}(?:[.,]\d+)?)\s*%\s*\)\s*")


class Unusable(ValueError):
    """A value has a form that is not understood; what it says is unknown."""


class RowParser:
    """Turns the rows of one file into employees, by the places of its columns.

    `notes` gathers what could not be used. `ids_by_email` is asked who is meant where a supervisor
    is named by an e-mail.
    """

    def __init__(
        self, places: Mapping[str, int], ids_by_email: Callable[[str], str | None]
    ) -> None:
        self._places = places
        self._id_by_email = ids_by_email
        self.notes = Notes()

    def employee(self, row: Row) -> Employee | None:
        """The employee of this row; None where nobody is named."""
        values = {name: self._value(row, place) for name, place in self._places.items()}
        employee_id = identifier(values)
        if employee_id is None:
            self.notes.add(Reason("csv_row_without_id", {"row": str(row.number)}))
            return None
        known: dict[str, Any] = {}
        for name, value in values.items():
            if name == "id":
                continue
            try:
                known[name] = self._read(name, value)
            except Unusable:
                told = {"row": str(row.number), "attribute": name}
                self.notes.add(Reason("csv_value_unusable", told))
        # A file without a status column is a list of those who work there.
        known.setdefault("status", Status.ACTIVE.value)
        return Employee(id=employee_id, row=row.number, **known)

    def _value(self, row: Row, place: int) -> str:
        return row.values[place].strip() if place < len(row.values) else ""

    def _read(self, name: str, value: str) -> object:
        if name == "supervisor":
            return self._supervisor(value)
        return _READERS.get(name, text)(value)

    def _supervisor(self, value: str) -> Supervisor | None:
        if not value:
            return None
        # Lists name supervisors by an id or by an e-mail; which, only the value itself shows.
        if "@" not in value:
            return Supervisor(value[:LONGEST_ID])
        # Somebody who is not in the file keeps the e-mail, by which the directory may know them.
        return Supervisor(self._id_by_email(value.casefold()) or value[:LONGEST_ID], value)


def identifier(values: Mapping[str, str]) -> str | None:
    """The employee's id: the column `id`, or the e-mail in a file that has none."""
    value = clean(
        values.get("id") or ("" if "id" in values else values.get("email", "").casefold())
    )
    return value[:LONGEST_ID] or None


def text(value: str) -> str | None:
    """The text; None for nothing."""
    return value or None


def status(value: str) -> str | None:
    """The status in the words of employees, and a word of the file's own as it stands."""
    known = STATUSES.get(value.casefold())
    return known.value if known else text(value)


def day(value: str) -> date | None:
    """The day, written as 2026-11-30 or 30.11.2026, with or without a time behind it.

    Raises:
        Unusable: it is neither.
    """
    if not value:
        return None
    try:
        # Behind the day spreadsheets write a midnight, which is no moment of anybody.
        if german := _GERMAN_DAY.match(value):
            day_of_month, month, year = map(int, german.groups())
            return date(year, month, day_of_month)
        return date.fromisoformat(value[:10])
    except ValueError:
        raise Unusable from None


def moment(value: str) -> datetime | None:
    """The moment (ISO 8601; without a zone it is UTC), or the beginning of a day.

    Raises:
        Unusable: it is neither.
    """
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = datetime.combine(day(value) or date.min, time.min)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def cost_centers(value: str) -> tuple[CostCenter, ...]:
    """One or several cost centers: `Sales (60 %) | Support (40 %)`, or names alone.

    Raises:
        Unusable: a share is more than 100 %.
    """
    return tuple(_cost_centers(value))


def _cost_centers(value: str) -> Iterator[CostCenter]:
    for part in filter(None, (part.strip() for part in value.split("|"))):
        match = _SHARE.fullmatch(part)
        # A spreadsheet in German writes 33,3.
        share = float(match[2].replace(",", ".")) if match else None
        if share is not None and share > 100:
            raise Unusable
        yield CostCenter(match[1] if match else part, share)


_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "status": status,
    "hire_date": day,
    "termination_date": day,
    "last_modified": moment,
    "cost_centers": cost_centers,
}


def places_of(places: Mapping[str, int], names: Sequence[str]) -> dict[str, int]:
    """Of these places those of the attributes that are asked for; all where none is named."""
    # Asked for or not: they say who a row is, and which of two rows counts.
    needed = {"id", "email", "last_modified", *names}
    return {name: at for name, at in places.items() if not names or name in needed}
