"""The form of a user group: its name and what it is for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rollcall.core import labels
from rollcall.directory.models import UserGroup
from rollcall.directory.rules import GroupDraft, check_groups
from rollcall.web.shell.refusals import add_to


class GroupForm(forms.Form):
    """What is typed about a group; `group` is None for a new one."""

    name = forms.CharField(
        label=_("Name"), max_length=255, error_messages={"required": _("Name: fill this in.")}
    )
    description = forms.CharField(label=_("Description"), max_length=1024, required=False)

    def __init__(self, *args: Any, group: UserGroup | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.group = group

    def clean(self) -> dict[str, str]:
        """The values in the form in which they are stored, checked by the directory's rules."""
        given = super().clean() or {}
        data = {name: labels.normalize(str(text)) for name, text in given.items()}
        (refusals,) = check_groups([GroupDraft(data, self.group.pk if self.group else "")])
        # A field that Django has refused already says so once.
        add_to(self, tuple(refusal for refusal in refusals if refusal.field not in self.errors))
        return data
