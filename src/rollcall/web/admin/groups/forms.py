"""The form of a user group: its name and what it is for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.core.text import clean
from rollcall.directory.models import UserGroup


class GroupForm(forms.Form):
    """What is typed about a group; `group` is None for a new one."""

    name = forms.CharField(
        label=_("Name"), max_length=255, error_messages={"required": _("Name: fill this in.")}
    )
    description = forms.CharField(label=_("Description"), max_length=1024, required=False)

    def __init__(self, *args: Any, group: UserGroup | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.group = group

    def clean_name(self) -> str:
        """A name that no other group has."""
        name = clean(str(self.cleaned_data["name"]))
        others = UserGroup.objects.filter(name__iexact=name)
        if others.exclude(pk=self.group.pk if self.group else "").exists():
            raise forms.ValidationError(
                gettext("Name “{value}”: there is a group of this name already.").format(value=name)
            )
        return name

    def clean_description(self) -> str:
        """The description in the form in which it is stored."""
        return clean(str(self.cleaned_data["description"]))
