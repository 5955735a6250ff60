"""A file of employees as a kind of source: its form, and how it is kept and opened."""

from __future__ import annotations

from typing import Final

from rollcall.core.account_fields import AccountField, FieldType
from rollcall.provisioning.employee import ATTRIBUTES
from rollcall.provisioning.reason import gettext_noop
from rollcall.sources.base import FileLook, FileUse, Source, SourceKind
from rollcall.sources.csv.account import (
    DEFAULT_NAME,
    KIND_KEY,
    LARGEST_KEPT,
    CsvAccount,
    from_record,
    to_record,
    with_columns,
)
from rollcall.sources.csv.columns import VARIABLE
from rollcall.sources.csv.encoding import NAMES
from rollcall.sources.csv.parsing import STATUSES
from rollcall.sources.csv.reading import CsvSource

FIELDS: Final = (
    AccountField(
        "file",
        "ROLLCALL_CSV_FILE",
        gettext_noop("CSV file"),
        FieldType.FILE,
        help=gettext_noop(
            "One row for each employee below a row of headings; comma, semicolon or tab between "
            "values; UTF-8, UTF-16 or Windows-1252."
        ),
    ),
    AccountField(
        "name",
        "ROLLCALL_CSV_NAME",
        gettext_noop("Name of this list of people"),
        required=False,
        default=DEFAULT_NAME,
        help=gettext_noop(
            "The next file of the same people has the same name: by it and the employee ID they "
            "are known again."
        ),
        correction=gettext_noop("Write at most 32 letters, digits and hyphens."),
        advanced=True,
    ),
    AccountField(
        "columns",
        VARIABLE,
        gettext_noop("Columns"),
        required=False,
        help=gettext_noop(
            "Which column is which attribute, where the headings do not say so: "
            "email=E-Mail;first_name=Vorname"
        ),
        advanced=True,
    ),
)


def open_account(account: CsvAccount) -> Source:
    """The file, ready to be read."""
    return CsvSource(account)


def look(account: CsvAccount) -> FileLook:
    """The file as it was found to be."""
    look = CsvSource(account).look()
    return FileLook(
        encoding=NAMES.get(look.encoding, look.encoding),
        separator=look.separator,
        heading=look.heading,
        columns=look.columns.headings,
        sample=tuple((row.number, row.values) for row in look.sample),
        count=look.count,
        notes=look.notes,
    )


KIND: Final = SourceKind(
    key=KIND_KEY,
    label="CSV",
    fields=FIELDS,
    account=CsvAccount.of,
    to_record=to_record,
    from_record=from_record,
    open=open_account,
    attributes=frozenset(ATTRIBUTES),
    statuses=STATUSES,
    # There is nothing to come back to at the next hour: a file that was uploaded stays as it was.
    is_scheduled=False,
    name_field="name",
    file=FileUse(LARGEST_KEPT, ATTRIBUTES, CsvAccount.uploaded, look, with_columns),
)
