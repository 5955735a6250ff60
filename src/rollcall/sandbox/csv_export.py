"""The company as a file: what an HR system exports, with German headings and an odd remark."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, TextIO

from .clock import in_berlin
from .company import Company
from .edge_cases import slot
from .person import Person

SEPARATOR: Final = ";"
"""Between values, as spreadsheets in German write it."""

STATUSES: Final[Mapping[str, str]] = {
    "active": "Aktiv",
    "inactive": "Inaktiv",
    "leave": "Abwesend",
    "onboarding": "Eintritt",
}
REMARK: Final = 'Bitte "Du" sagen; Rückruf\nerst ab Mittag'
"""In a column that nobody asks for: quotation marks, the separator and a line break."""


def _day(day: date | None) -> str:
    return day.strftime("%d.%m.%Y") if day else ""


def _cost_centers(person: Person) -> str:
    shares = person.cost_centers
    if len(shares) == 1:
        return shares[0].center.name
    return " | ".join(f"{share.center.name} ({share.percentage} %)" for share in shares)


COLUMNS: Final[Mapping[str, Callable[[Person], object]]] = {
    "Personalnummer": lambda person: person.id,
    "Vorname": lambda person: person.first_name,
    "Nachname": lambda person: person.last_name,
    "E-Mail": lambda person: person.email or "",
    "Status": lambda person: STATUSES[person.status],
    "Stelle": lambda person: person.position,
    "Vorgesetzter": lambda person: person.supervisor or "",
    "Beschäftigungsart": lambda person: person.employment_type,
    "Gesellschaft": lambda person: person.subcompany.name,
    "Standort": lambda person: person.office.name,
    "Abteilung": lambda person: person.department.name,
    "Kostenstelle": _cost_centers,
    "Eintrittsdatum": lambda person: _day(person.hired),
    "Austrittsdatum": lambda person: _day(person.terminated),
    "Zuletzt geändert": lambda person: in_berlin(person.modified).isoformat(),
}


def write(company: Company, file: TextIO) -> None:
    """Everybody in the company, a row each; open the file with `newline=""`."""
    rows = csv.writer(file, delimiter=SEPARATOR)
    rows.writerow([*COLUMNS, "Bemerkung"])
    for position, person in enumerate(company):
        peculiar = company.peculiar and slot(company.people, position) is not None
        values = [column(person) for column in COLUMNS.values()]
        rows.writerow([*values, REMARK if peculiar else ""])
