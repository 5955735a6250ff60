"""How an import is to be carried out: the directory, the lifecycle options and the safeguards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.directory import labels
from rollcall.imports import open_targets
from rollcall.imports.errors import Unfit
from rollcall.imports.models import Connection
from rollcall.imports.options import Options
from rollcall.provisioning.mapping import DEFAULT_MAPPING
from rollcall.sources.base import ESSENTIAL
from rollcall.targets import registry as targets
from rollcall.targets.errors import TargetError


def target_names() -> list[tuple[str, str]]:
    """What imports can go to, in words."""
    return [(key, gettext(targets.get(key).label)) for key in targets.known_keys()]


def _attributes() -> list[tuple[str, str]]:
    """What may be left out: everything but the e-mail and the status, by the directory's names."""
    return [
        (rule.source, gettext(labels.FIELDS[rule.target]))
        for rule in DEFAULT_MAPPING.rules
        if rule.source not in ESSENTIAL
    ]


class OptionsForm(forms.Form):
    """What every import asks for, whatever its employees are read from."""

    directory = forms.ChoiceField(label=_("Directory"))
    reactivation_allowed = forms.BooleanField(
        label=_("Reactivation allowed"),
        required=False,
        help_text=_("A suspended user whose employee is back at work becomes active."),
    )
    activate_staged = forms.BooleanField(
        label=_("Activate staged users"),
        required=False,
        help_text=_("A staged user whose employee is at work becomes active."),
    )
    max_suspensions = forms.IntegerField(
        label=_("Most suspensions"),
        required=False,
        min_value=0,
        help_text=_(
            "The import stops before it writes if more users than this would be suspended. Empty: "
            "more than ten, and more than a tenth of the imported users."
        ),
    )
    max_emptied = forms.IntegerField(
        label=_("Most emptied"),
        required=False,
        min_value=0,
        help_text=_(
            "The same if more users than this would lose their value of one field. Empty: more "
            "than ten, and more than a fifth."
        ),
    )
    min_read = forms.IntegerField(
        label=_("Least share read (percent)"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_(
            "The same if fewer employees are read than this share of the imported users. Empty: 50."
        ),
    )

    without = forms.MultipleChoiceField(
        label=_("Without"),
        required=False,
        choices=_attributes,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Attributes that this import does not carry; the directory's values stay."),
    )

    ADVANCED = (
        "directory",
        "reactivation_allowed",
        "activate_staged",
        "max_suspensions",
        "max_emptied",
        "min_read",
        "without",
    )

    def __init__(self, *args: Any, connection: Connection | None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.connection = connection
        choice = self.fields["directory"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - for the type checker
        # Here and not at the class: the words are those of the reader's language.
        choice.choices = target_names()

    def clean_directory(self) -> str:
        """A directory whose settings are there."""
        name = str(self.cleaned_data["directory"])
        try:
            open_targets.require(name)
        except (Unfit, TargetError):
            raise forms.ValidationError(
                gettext("JumpCloud has no API key yet: enter one under Settings, Directory.")
            ) from None
        return name

    def options(self) -> Options:
        """The options that were chosen; what the form does not show stays as it is kept."""
        data = self.cleaned_data
        kept = Options.from_record(self.connection.options if self.connection else {})
        return replace(
            kept,
            reactivation_allowed=data["reactivation_allowed"],
            activate_staged=data["activate_staged"],
            max_suspensions=data["max_suspensions"],
            max_emptied=data["max_emptied"],
            min_read_share=None if data["min_read"] is None else data["min_read"] / 100,
            without=tuple(data["without"]),
        )


def initial_options(connection: Connection | None) -> dict[str, Any]:
    """What the form starts from: as the connection was imported last, else the defaults."""
    if connection is None:
        return {"directory": open_targets.chosen()}
    options = Options.from_record(connection.options)
    share = options.min_read_share
    return {
        "directory": connection.target,
        "reactivation_allowed": options.reactivation_allowed,
        "activate_staged": options.activate_staged,
        "max_suspensions": options.max_suspensions,
        "max_emptied": options.max_emptied,
        # Rounded, since 0.29 times 100 is not 29 in binary fractions.
        "min_read": None if share is None else round(share * 100),
        "without": list(options.without),
    }
