"""The form that puts imported users into a group of the application."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.directory.models import Application, UserGroup
from rollcall.imports.models import Run, RunState
from rollcall.imports.open_targets import BUILTIN

EVERYBODY = ""
RUNS_OFFERED = 20


class BindForm(forms.Form):
    """Which users, and into which group: one that is there, or a new one."""

    who = forms.ChoiceField(label=_("Users"), required=False, widget=forms.RadioSelect)
    group = forms.ModelChoiceField(
        UserGroup.objects.order_by("name"),
        label=_("User group"),
        required=False,
        empty_label=_("A new one"),
    )
    new_name = forms.CharField(label=_("Name of the new group"), max_length=255, required=False)

    def __init__(self, *args: Any, application: Application, **more: Any) -> None:
        super().__init__(*args, **more)
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)  # noqa: S101 - for the type checker
        who.choices = [
            (EVERYBODY, _("All imported users who do not have it")),
            *(
                (str(run.number), gettext("Everyone of import {number}").format(number=run.number))
                for run in _runs(application, self._asked_for())
            ),
        ]

    def _asked_for(self) -> str:
        return str(self.data.get("who", "") if self.is_bound else self.initial.get("who", ""))

    def clean(self) -> dict[str, Any]:
        """A group is chosen, or a new one has a name that is free."""
        data: dict[str, Any] = super().clean() or {}
        name = str(data.get("new_name", "")).strip()
        if data.get("group") is None and "group" not in self.errors:
            if not name:
                self.add_error("new_name", gettext("Choose a group, or name a new one."))
            # Only a hint for the usual case: who is the same name is decided by the directory's
            # rules.
            elif UserGroup.objects.filter(name=name).exists():
                self.add_error("new_name", gettext("There is a group of this name; choose it."))
        return data


def _runs(application: Application, asked: str) -> list[Run]:
    here = Run.objects.filter(connection__application=application, target=BUILTIN)
    # Runs into other directories made no users here who could be bound.
    offered = list(here.filter(applied__gt=0)[:RUNS_OFFERED])
    # One that changed nothing, or an old one, whose page led here: without it the answer would
    # be everybody.
    if re.fullmatch("[0-9]{1,9}", asked) and int(asked) not in {run.number for run in offered}:
        offered += here.filter(number=int(asked), state=RunState.COMPLETED)
    return offered
