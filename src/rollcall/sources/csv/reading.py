"""A file as a source: looked at, and read row by row into employees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from rollcall.provisioning.employee import Employee
from rollcall.provisioning.reason import Reason, gettext_noop
from rollcall.sources.base import Page, Readable, Summary
from rollcall.sources.csv import columns, dialect, encoding, notes
from rollcall.sources.csv.account import CsvAccount
from rollcall.sources.csv.columns import Columns
from rollcall.sources.csv.dialect import Row
from rollcall.sources.csv.notes import Notes
from rollcall.sources.csv.parsing import RowParser, identifier, places_of
from rollcall.sources.errors import AccessDenied, SourceMisbehaved
from rollcall.sources.newest import Newest

ROWS_A_PAGE: Final = 1000
MOST_ROWS: Final = 2_000_000

EMPTY: Final = gettext_noop("{file} is empty: it has no heading row")
TOO_LONG: Final = gettext_noop("the file has more than {limit} rows")


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it was found to be: what a person is shown before it is imported.

    `notes` say what of it is not taken as it stands.
    """

    encoding: str
    separator: str
    heading: tuple[str, ...]
    columns: Columns
    sample: tuple[Row, ...]
    count: int
    notes: tuple[Reason, ...] = ()


class CsvSource:
    """One file, taken in when it is asked for first; no request is ever sent for it."""

    requests = 0

    def __init__(self, account: CsvAccount) -> None:
        self._account = account
        self._text: str | None = None
        self._encoding = ""

    def look(self, rows: int = 5) -> Look:
        """What kind of file it is, how its columns are understood, and its first rows.

        Raises:
            SourceError: it cannot be read.
            SettingsError: a column that is named in the settings is not there.
        """
        separator, heading = self._heading()
        chosen = self._columns(heading)
        chosen.places(heading)
        found = self._notes_of(heading)
        people = notes.of_rows(self._people(separator), len(heading), found)
        sample = tuple(islice(people, rows))
        return Look(
            self._encoding,
            separator,
            heading,
            chosen,
            sample,
            len(sample) + sum(1 for _ in people),
            found.told(),
        )

    def check(self, needed: Sequence[str]) -> Readable:
        """Whether the file can be read and that it holds the e-mail.

        Raises:
            AccessDenied: it has no column with the e-mail.
            SourceMisbehaved: it is none that can be read.
        """
        _, heading = self._heading()
        # A file without a status is a list of people at work (`RowParser`): it lacks nothing.
        held = frozenset(self._columns(heading).places(heading)) | {"status"}
        if "email" not in held:
            raise AccessDenied(
                "no column of the file is known to hold the e-mail; its columns are: "
                f"{columns.listed(heading)}. Name it: "
                f"{columns.VARIABLE}=email=HEADING",
                ("email",),
            )
        # A column that is not there is unknown, not forbidden: the read is complete without it.
        return Readable(held | set(needed), ())

    def employees(self, attributes: Sequence[str]) -> CsvReading:
        """Everybody in the file."""
        separator, heading = self._heading()
        places = self._columns(heading).places(heading)
        ids = self._ids_by_email(separator, places)
        parser = RowParser(places_of(places, attributes), ids.get)
        # Without a column the id is the e-mail, and the status is assumed: neither is missed.
        absent = tuple(
            name for name in attributes if name not in places and name not in ("id", "status")
        )
        parser.notes = self._notes_of(heading)
        people = notes.of_rows(self._people(separator), len(heading), parser.notes)
        return CsvReading(people, parser, absent)

    def close(self) -> None:
        """Let go of the file's text."""
        self._text = None

    def _taken_in(self) -> str:
        if self._text is None:
            self._text, self._encoding = encoding.decode(self._account.content())
        return self._text

    def _heading(self) -> tuple[str, tuple[str, ...]]:
        text = self._taken_in()
        separator = dialect.detect_separator(text)
        first = next(dialect.rows(text, separator), None)
        if first is None:
            raise SourceMisbehaved(EMPTY, file=self._account.address)
        return separator, first.values

    def _columns(self, heading: Sequence[str]) -> Columns:
        """As saved; what the settings do not name is recognized by its heading."""
        guessed = columns.guess(heading)
        named = columns.parse(self._account.column_names)
        return Columns({**guessed.headings, **named.headings})

    def _notes_of(self, heading: Sequence[str]) -> Notes:
        found = Notes()
        found.add(*notes.of_heading(heading))
        return found

    def _people(self, separator: str) -> Iterator[Row]:
        # The heading is the first row.
        people = islice(dialect.rows(self._taken_in(), separator), 1, None)
        for count, row in enumerate(people, start=1):
            if count > MOST_ROWS:
                raise SourceMisbehaved(TOO_LONG, limit=MOST_ROWS)
            yield row

    def _ids_by_email(self, separator: str, places: dict[str, int]) -> dict[str, str]:
        """Who has which e-mail; nothing where supervisors are named by their ids."""
        # Read ahead of everybody: a supervisor may stand below those who report to them.
        ids: dict[str, str] = {}
        if "supervisor" not in places or "email" not in places:
            return ids
        for row in self._people(separator):
            values = {
                name: row.values[at].strip() if at < len(row.values) else ""
                for name, at in places.items()
                if name in ("id", "email")
            }
            employee_id = identifier(values)
            if employee_id and values["email"]:
                ids.setdefault(values["email"].casefold(), employee_id)
        return ids


class CsvReading:
    """One read of a file, page by page; asked for its `summary` after the last one."""

    def __init__(self, rows: Iterator[Row], parser: RowParser, absent: tuple[str, ...]) -> None:
        self._rows = rows
        self._parser = parser
        self._absent = absent
        self._received: int | None = None
        self._lost = 0

    def __iter__(self) -> Iterator[Page]:
        """The employees, a thousand rows at a time.

        Raises:
            SourceMisbehaved: a row cannot be read; the message names it.
        """
        newest = Newest()
        offset = 0
        while rows := list(islice(self._rows, ROWS_A_PAGE)):
            employees = [self._parser.employee(row) for row in rows]
            self._lost += employees.count(None)
            counting = tuple(
                employee
                for place, employee in enumerate(employees, offset)
                if employee is not None and self._takes(newest, employee, place)
            )
            yield Page(counting, offset, None)
            offset += len(rows)
        self._received = len(newest)

    def _takes(self, newest: Newest, employee: Employee, place: int) -> bool:
        if employee.id in newest:
            params = {"row": str(employee.row), "employee": employee.id}
            self._parser.notes.add(Reason("csv_row_repeated", params))
        return newest.takes(employee, place)

    @property
    def summary(self) -> Summary:
        """What the read came to: complete unless a row named nobody."""
        if self._received is None:
            raise RuntimeError("a read has no summary before its last page has been taken")
        return Summary(
            expected=None,
            received=self._received,
            complete=not self._lost,
            notes=self._notes(),
        )

    def _notes(self) -> tuple[Reason, ...]:
        # One wrong column would bring a note a row, and the run keeps all of them in one value.
        absent = Reason("csv_without_columns", {"attributes": ", ".join(self._absent)})
        return (*([absent] if self._absent else []), *self._parser.notes.told())
