"""What the forms of all kinds of conditions have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.policies.decision import condition_parsing
from rollcall.access.policies.decision.faults import Malformed
from rollcall.web.admin.policies import words
from rollcall.web.admin.policies.outline import Row

IS, IS_NOT = "is", "is-not"


class RowForm(forms.Form):
    """One condition. `kind` is its name in the JSON."""

    kind: ClassVar[str]

    is_or_not = forms.ChoiceField(
        label=_("Holds where this"), choices=[(IS, _("is so")), (IS_NOT, _("is not so"))]
    )

    @property
    def label(self) -> str:
        """What the row asks for."""
        return str(words.CONDITIONS[self.kind])

    def quiet(self) -> None:
        """Show what was typed, and nothing of what may be wrong with it yet."""
        self._errors = ErrorDict()

    def row(self) -> Row:
        """The condition that was typed; the form must be valid."""
        data = self.cleaned_data
        return Row(self.kind, self.value(data), data["is_or_not"] == IS_NOT)

    def value(self, data: Mapping[str, Any]) -> Any:
        """What the leaf holds."""
        raise NotImplementedError

    @classmethod
    def typed(cls, row: Row) -> dict[str, Any]:
        """What would have been typed for this row."""
        return {"is_or_not": IS_NOT if row.negated else IS, **cls.read(row.value)}

    @classmethod
    def read(cls, value: Any) -> dict[str, Any]:
        """The fields of a leaf's value."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """The values, held against the rules that every door has."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                condition_parsing.parse({self.kind: self.value(data)})
            except Malformed as error:
                raise ValidationError(self.refusal(error)) from None
        return data

    def refusal(self, error: Malformed) -> str:
        """Why what was typed cannot be used."""
        return gettext("This cannot be used: {text}").format(text=error.faults[0].text)


class FactRow(RowForm):
    """A fact that is yes or no."""

    wanted = forms.ChoiceField(label=_("Value"), choices=[("yes", _("yes")), ("no", _("no"))])

    def value(self, data: Mapping[str, Any]) -> bool:
        """The one that is asked for."""
        return bool(data["wanted"] == "yes")

    @classmethod
    def read(cls, value: Any) -> dict[str, Any]:
        """The one that is asked for."""
        return {"wanted": "yes" if value else "no"}
