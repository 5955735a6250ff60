"""What may be set of a file of employees from outside."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from rollcall.core.sections import Form, Section, Without


class CsvSettings(Section):
    """A CSV file of employees (`rollcall import --source csv people.csv`)."""

    model_config = SettingsConfigDict(env_prefix="ROLLCALL_CSV_")

    file: Annotated[str, Without("the file named after `--source csv`")] = Field(
        "", description="The file of employees, one row each below a row of headings."
    )
    name: Annotated[str, Form("a name of at most 32 letters, digits and hyphens")] = Field(
        "people",
        description="The name of this list of people: the next file of the same people has the "
        "same one, so that they are known again.",
    )
    columns: Annotated[str, Form("like `email=E-Mail;first_name=Vorname`")] = Field(
        "", description="Which column is which attribute, where its heading does not say so."
    )


SECTION: Final = CsvSettings
