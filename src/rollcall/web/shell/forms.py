"""How forms are drawn everywhere, allauth's included: Tabler's look, errors beside fields."""

from __future__ import annotations

from django import forms
from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws forms and fields with the portal's templates."""

    form_template_name = "portal/forms/form.html"
    field_template_name = "portal/forms/field.html"


def css_class(widget: forms.Widget) -> str:
    """Tabler's class for this kind of control."""
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
