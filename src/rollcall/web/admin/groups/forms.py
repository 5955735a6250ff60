"""The form of a user group: its name and what it is for."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from rollcall.core import labels
from rollcall.directory.models import UserGroup
from rollcall.directory.rules import GroupDraft, check_groups
from rollcall.web.shell.merging import MergingForm
from rollcall.web.shell.refusals import add_to


class GroupForm(MergingForm):
    """What is typed about a group; `group` is None for a new one."""

    name = forms.CharField(
        label=_("Name"), max_length=255, error_messages={"required": _("Name: fill this in.")}
    )
    description = forms.CharField(label=_("Description"), max_length=1024, required=False)

    def __init__(self, data: QueryDict | None, group: UserGroup | None = None) -> None:
        super().__init__(data, now=values_of(group) if group else {})
        self.group = group

    def clean(self) -> dict[str, str]:
        """The values in the form in which they are stored, checked by the directory's rules."""
        given = self.edited(super().clean() or {})
        data = {name: labels.normalize(str(text)) for name, text in given.items()}
        (refusals,) = check_groups([GroupDraft(data, self.group.pk if self.group else "")])
        # A field that Django has refused already says so once.
        add_to(self, tuple(refusal for refusal in refusals if refusal.field not in self.errors))
        return data


def values_of(group: UserGroup) -> dict[str, str]:
    """The group's values as the form shows them."""
    return {"name": group.name, "description": group.description}
