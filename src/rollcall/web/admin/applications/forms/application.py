"""The form of an application's panel: the tabs General Info and Bookmark."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.directory import catalogue
from rollcall.directory.models import Application
from rollcall.sources import registry
from rollcall.web.admin.applications.sso_tab import only_signs_on
from rollcall.web.shell import pictures
from rollcall.web.shell.merging import MergingForm

GENERAL_INFO = ("displayLabel", "description", "color", "picture", "no_picture", "shown_in_portal")
DEFAULT_COLOR = "#0b5cad"
BOOKMARK = ("ssoUrl",)


class ApplicationForm(MergingForm):
    """What an administrator sets of an application."""

    displayLabel = forms.CharField(label=_("Display Label"), max_length=255)
    description = forms.CharField(
        label=_("Description"),
        max_length=1024,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    color = forms.RegexField(
        # The form of a browser's own colour field, and nothing else: it goes into a style.
        r"^#[0-9A-Fa-f]{6}\Z",
        label=_("Colour"),
        required=False,
        widget=forms.TextInput(attrs={"type": "color", "class": "form-control-color"}),
        help_text=_("The colour of the tile that stands for the application."),
    )
    picture = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
        help_text=_("A small picture instead of the coloured tile: PNG, JPEG, GIF or WebP."),
    )
    no_picture = forms.BooleanField(label=_("Remove the logo"), required=False)
    shown_in_portal = forms.BooleanField(
        label=_("Shown in user portal"),
        required=False,
        help_text=_("Users who reach the application through their groups see it there."),
    )
    ssoUrl = forms.CharField(
        label=_("Application URL"), max_length=2048, widget=forms.TextInput(attrs={"type": "url"})
    )

    def __init__(
        self, data: QueryDict | None, files: Any, *, application: Application, example: str
    ) -> None:
        self.application = application
        values = values_of(application)
        # of one that is not there yet everything is written
        there = {} if application._state.adding else values
        super().__init__(data, files, now=there, initial=values)
        # An import from a file belongs to no page on the web, and single sign-on has addresses of
        # its own.
        self.fields["ssoUrl"].required = not (
            comes_in_a_file(application) or only_signs_on(application)
        )
        if not application.logo:
            del self.fields["no_picture"]
        if example:
            self.fields["ssoUrl"].help_text = gettext("For example {example}").format(
                example=example
            )

    def clean_displayLabel(self) -> str:
        """A label that no other application has: in every list they would be the same."""
        label: str = self.cleaned_data["displayLabel"]
        # Where two have one already (the API makes them), either can still be saved as it is.
        if not self.application._state.adding and label == self.application.displayLabel:
            return label
        known = Application.objects.filter(displayLabel__iexact=label)
        if other := known.exclude(pk=self.application.pk).first():
            raise ValidationError(_taken(other))
        return label

    def clean_picture(self) -> str:
        """The uploaded picture as an address; "" where none was uploaded."""
        file = self.cleaned_data["picture"]
        # An address of `data:`, so that a picture needs no folder that is served and backed up.
        return pictures.data_address(file) if file else ""

    def clean_ssoUrl(self) -> str:
        """A whole http or https address."""
        typed = self.cleaned_data["ssoUrl"].strip()
        return web_address(typed) if typed else ""

    def values(self) -> dict[str, Any]:
        """The valid values that were changed, by the application's field names."""
        data = self.cleaned_data
        names = ("displayLabel", "description", "color", "shown_in_portal", "ssoUrl")
        # A file field comes back empty with every save: empty means that the picture stays.
        changed = {"logo": data["picture"]} if data["picture"] or data.get("no_picture") else {}
        return {**self.edited({name: data[name] for name in names}), **changed}


def _taken(other: Application) -> SafeString:
    """What to say where this one has the label already; it is a click away."""
    told = gettext("There is {link} already. Give this one another label.")
    address = reverse("application", args=[other.pk])
    link = format_html('<a href="{}">{}</a>', address, other.displayLabel)
    return format_html(told, link=link)


def comes_in_a_file(application: Application) -> bool:
    """Whether it brings employees from a file that somebody hands over."""
    try:
        source = catalogue.template(application.name).source
    except KeyError:  # made over the API from a template that is not in the catalogue
        return False
    return bool(source) and registry.get(source).file is not None


def web_address(typed: str) -> str:
    """The address as a browser needs it: with `https://` where no scheme was typed.

    Raises:
        ValidationError: it is no http or https address.
    """
    text = typed.strip()
    # As browsers do with what is typed into them.
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        URLValidator(schemes=["http", "https"])(address)
    except (ValueError, ValidationError):
        raise ValidationError(
            gettext("Write a whole address, such as https://wiki.example.com.")
        ) from None
    if parts.username is not None or parts.password is not None:
        raise ValidationError(gettext("Leave user and password out of the address."))
    return address


def values_of(application: Application) -> dict[str, Any]:
    """The application's values as the form shows them, and as the audit log keeps them."""
    return {
        "displayLabel": application.displayLabel,
        "description": application.description,
        "color": application.color or DEFAULT_COLOR,
        "shown_in_portal": application.shown_in_portal,
        "ssoUrl": application.ssoUrl,
    }
