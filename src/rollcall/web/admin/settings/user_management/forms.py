"""The form of the default states: one for each way that a user comes into being."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rollcall.core.usernames import LIMIT
from rollcall.directory.models import SHORTEST_LIMIT, DefaultState
from rollcall.web.shell.merging import MergingForm

STATES = ((DefaultState.ACTIVATED.value, _("Active")), (DefaultState.STAGED.value, _("Staged")))


class StateField(forms.ChoiceField):
    """Active or Staged, each as a radio button."""

    def __init__(self, **more: Any) -> None:
        super().__init__(choices=STATES, widget=forms.RadioSelect, **more)


class UserManagementForm(MergingForm):
    """The default user state for each way that a user can come into being."""

    manualEntry = StateField(
        label=_("Manual creation"), help_text=_("Users made by hand on the Users page.")
    )
    csvImport = StateField(label=_("CSV import"), help_text=_("Users made in bulk over the API."))
    applicationImport = StateField(
        label=_("Application / Directory Integrations"),
        help_text=_("Users made by an import. Staged users have no access until activated."),
    )
    username_length = forms.IntegerField(
        label=_("Longest username"),
        required=False,
        min_value=SHORTEST_LIMIT,
        max_value=LIMIT,
        help_text=_(
            "Usernames that Rollcall makes of an e-mail are cut to this many characters, from 20 "
            "(what Windows, Mac and Linux all take) to 30. Nobody who has a username is renamed."
        ),
    )
