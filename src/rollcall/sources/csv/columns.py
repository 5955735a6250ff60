"""Which column of a file is which attribute of an employee: guessed from headings, or as saved."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from rollcall.core.text import shortened
from rollcall.provisioning.employee import ATTRIBUTES
from rollcall.sources.errors import SettingsError

VARIABLE: Final = "ROLLCALL_CSV_COLUMNS"

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "id": ("id", "employee id", "personnel number", "personalnummer", "mitarbeiter id"),
        "first_name": ("first name", "given name", "vorname"),
        "last_name": ("last name", "surname", "family name", "nachname", "familienname"),
        "email": (
            "email",
            "e mail",
            "mail",
            "work email",
            "work e mail",
            "email address",
            "e mail address",
            "e mail adresse",
            "email adresse",
        ),
        "status": ("status", "employee status", "mitarbeiterstatus"),
        "position": ("position", "job title", "title", "stelle", "berufsbezeichnung"),
        "supervisor": (
            "supervisor",
            "supervisor id",
            "supervisor email",
            "manager",
            "manager id",
            "manager email",
            "vorgesetzter",
            "vorgesetzte",
            "fuhrungskraft",
        ),
        "employment_type": ("employment type", "employee type", "beschaftigungsart", "anstellung"),
        "subcompany": ("subcompany", "company", "legal entity", "gesellschaft", "firma"),
        "office": ("office", "location", "site", "workplace", "standort", "buro"),
        "department": ("department", "abteilung"),
        "cost_centers": ("cost centers", "cost center", "cost centre", "kostenstelle"),
        "hire_date": ("hire date", "start date", "eintrittsdatum", "eintritt"),
        "termination_date": ("termination date", "end date", "austrittsdatum", "austritt"),
        "last_modified": ("last modified", "last modified at", "zuletzt geandert"),
    }
)
"""What HR systems call each attribute in the heading, compared as `folded` does; or by its name."""

MOST_LISTED: Final = 40
LONGEST_LISTED: Final = 60
"""How many headings a line names, and how many characters of each: a file may be no list at all."""

_MARKS: Final = str.maketrans("äöüß", "aous")


@dataclass(frozen=True, slots=True)
class Columns:
    """For each attribute the heading of its column (`attribute: heading`), "" for none."""

    headings: Mapping[str, str]

    def places(self, heading: Sequence[str]) -> dict[str, int]:
        """The place of each attribute's column in this heading row.

        Raises:
            SettingsError: a heading is not there; the message names it and those that are.
        """
        # Backwards as in `guess`: of two alike the first is meant.
        at = {folded(title): place for place, title in reversed(list(enumerate(heading)))}
        headings = {name: title for name, title in self.headings.items() if title}
        missing = [title for title in headings.values() if folded(title) not in at]
        if missing:
            raise SettingsError(
                f"the file has no column `{missing[0]}`; its columns are: {listed(heading)}",
                VARIABLE,
            )
        return {name: at[folded(title)] for name, title in headings.items()}


def listed(heading: Sequence[str]) -> str:
    """The headings in one line, of many the first, and of long ones the beginning."""
    titles = [shortened(title.strip(), LONGEST_LISTED) for title in heading[:MOST_LISTED]]
    return ", ".join(titles) + (", …" if len(heading) > MOST_LISTED else "")


def guess(heading: Sequence[str]) -> Columns:
    """The columns that say by their headings what they hold; the first of two alike."""
    # Backwards, so that of two alike the first is what stays.
    titles = {folded(title): title for title in reversed(heading)}
    headings: dict[str, str] = {}
    for attribute in ATTRIBUTES:
        names = map(folded, (attribute, *HEADINGS.get(attribute, ())))
        match = next((titles[name] for name in names if name in titles), None)
        if match is not None:
            headings[attribute] = match.strip()
    return Columns(headings)


def parse(text: str) -> Columns:
    """The columns as they are written in settings: `email=E-Mail;first_name=Vorname`.

    A JSON object says the same; it can hold headings with a semicolon, and "" for no column.

    Raises:
        SettingsError: a part is not of this form, or names an attribute that employees do not have.
    """
    if text.startswith("{"):
        return _parse_json(text)
    headings: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        attribute, equals, heading = (word.strip() for word in part.partition("="))
        if not equals or not heading or attribute not in ATTRIBUTES:
            raise SettingsError(
                f"{VARIABLE}: `{part}` must be an attribute, `=` and a heading of the file, such "
                f"as `email=E-Mail`; the attributes are {', '.join(ATTRIBUTES)}",
                VARIABLE,
            )
        headings[attribute] = heading
    return Columns(headings)


def _parse_json(text: str) -> Columns:
    try:
        headings = json.loads(text)
    except ValueError:
        headings = None
    if not isinstance(headings, dict) or not all(
        name in ATTRIBUTES and isinstance(title, str) for name, title in headings.items()
    ):
        raise SettingsError(
            f"{VARIABLE}: the JSON must map attributes to headings; the attributes are "
            f"{', '.join(ATTRIBUTES)}",
            VARIABLE,
        )
    return Columns(headings)


def text_of(columns: Columns) -> str:
    """The columns as `parse` reads them."""
    # The short form cannot write a semicolon, or that there is no column.
    if any(not title.strip() or ";" in title for title in columns.headings.values()):
        return json.dumps(dict(columns.headings), ensure_ascii=False)
    return ";".join(f"{name}={heading}" for name, heading in columns.headings.items())


def folded(heading: str) -> str:
    """A heading as it is compared: small letters, umlauts without dots, signs as single blanks."""
    # `casefold` has made ss of ß: with one s of either, "Straße" and "Strasse" are alike.
    words = heading.casefold().replace("ss", "s").translate(_MARKS)
    return " ".join(re.findall(r"\w+", words.replace("_", " ")))
