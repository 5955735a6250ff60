"""A file of employees: the form that takes it, and the one that says what its columns hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext

from rollcall.core.account_fields import FieldType
from rollcall.core.text import shortened
from rollcall.imports.labels import attribute_label
from rollcall.imports.models import Connection
from rollcall.sources.base import Account, FileLook, FileUse, SourceKind
from rollcall.sources.errors import SettingsError, SourceError
from rollcall.web.admin.applications.accounts import other_application
from rollcall.web.admin.applications.forms.account import corrections, form_field
from rollcall.web.admin.applications.forms.options import OptionsForm, initial_options

MEBIBYTE: Final = 2**20
LONGEST_SHOWN: Final = 60
"""Characters of a heading in a list to choose from."""


class UploadForm(forms.Form):
    """The file, and whose people are in it; `account` is the file once the form is valid."""

    account: Account

    def __init__(
        self,
        *args: Any,
        kind: SourceKind[Any],
        use: FileUse[Any],
        connection: Connection | None,
        application_id: str,
        **more: Any,
    ) -> None:
        named = next(field for field in kind.fields if field.name == kind.name_field)
        known = connection.settings.get(named.name) if connection else None
        super().__init__(*args, **{"initial": {named.name: known or named.default}, **more})
        self._kind, self._use, self._name = kind, use, named.name
        self._application_id = application_id
        file = next(field for field in kind.fields if field.type is FieldType.FILE)
        self.fields["file"] = forms.FileField(
            label=gettext(file.label),
            help_text=gettext(file.help),
            widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
        )
        self.fields[named.name] = form_field(named)

    def clean_file(self) -> UploadedFile[Any]:
        """A file that is not too large; its size is known before it is read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > self._use.largest:
            raise forms.ValidationError(
                gettext(
                    "The file is larger than {limit} MiB. Import it with the command "
                    "`rollcall import --source csv` instead."
                ).format(limit=self._use.largest // MEBIBYTE)
            )
        return file

    def clean(self) -> dict[str, Any]:
        """The file can be read, and no other application imports people of this name."""
        data: dict[str, Any] = super().clean() or {}
        if "file" in data and self._name in data:
            self._take(data["file"], str(data[self._name]))
        return data

    def _take(self, file: UploadedFile[Any], name: str) -> None:
        try:
            self.account = self._use.uploaded(name, str(file.name), file.read())
            # Looked at once, so that a file that cannot be read is refused beside its own field.
            self._use.look(self.account)
        except SettingsError as error:
            beside = corrections(self._kind.fields, error.names, str(error))
            for field, line in beside.items():
                self.add_error(field if field in self.fields else None, line)
        except SourceError as error:
            self.add_error("file", error.told(gettext))
        else:
            if (other := other_application(self.account, self._application_id)) is not None:
                self.add_error(self._name, other)


class ColumnsForm(OptionsForm):
    """Which heading of the file is which attribute, and how it is to be imported."""

    def __init__(
        self,
        *args: Any,
        use: FileUse[Any],
        look: FileLook,
        connection: Connection | None,
        **more: Any,
    ) -> None:
        saved = connection.settings.get("columns") if connection else None
        # A heading that stands twice is one choice: the file's reader takes the first of them.
        headings = list(dict.fromkeys(title.strip() for title in look.heading if title.strip()))
        chosen = columns_of(look, saved if isinstance(saved, dict) else {}, headings)
        initial = {**initial_options(connection), **chosen}
        super().__init__(*args, connection=connection, **{"initial": initial, **more})
        self._attributes, self._recognized = use.attributes, look.columns
        choices = [("", gettext("(not in the file)")), *((t, _shown(t)) for t in headings)]
        for attribute in use.attributes:
            self.fields[f"column_{attribute}"] = forms.ChoiceField(
                label=attribute_label(attribute),
                choices=choices,
                required=attribute == "email",
            )

    @property
    def column_fields(self) -> Iterator[forms.BoundField]:
        """A field for each attribute."""
        return (self[f"column_{attribute}"] for attribute in self._attributes)

    @property
    def advanced(self) -> list[forms.BoundField]:
        """The fields that stand under "advanced"."""
        return [self[name] for name in self.ADVANCED]

    @property
    def advanced_open(self) -> bool:
        """Whether "advanced" is to be seen at once: something there is wrong."""
        return self.is_bound and any(name in self.errors for name in self.ADVANCED)

    def columns(self) -> dict[str, str]:
        """The chosen heading of each attribute; "" for none."""
        return {name: self.cleaned_data[f"column_{name}"] for name in self._attributes}

    def columns_to_keep(self) -> dict[str, str]:
        """The choice that holds for the next file: headings, and those that were left out.

        What this file had no heading for was not chosen by anybody: the next one may have it.
        """
        chosen = self.columns().items()
        return {name: title for name, title in chosen if title or name in self._recognized}


def columns_of(look: FileLook, saved: Mapping[str, str], headings: list[str]) -> dict[str, str]:
    """What the form starts from: as saved where the file has that heading, else as recognized.

    What was left out, though the file had a heading for it, stays left out.
    """
    known = {name: title for name, title in saved.items() if not title or title in headings}
    return {f"column_{name}": title for name, title in {**look.columns, **known}.items()}


def _shown(title: str) -> str:
    return shortened(" ".join(title.split()), LONGEST_SHOWN)
