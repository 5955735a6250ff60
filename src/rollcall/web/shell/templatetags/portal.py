"""`{% load portal %}`: icons, state badges, form controls, reasons, links to pages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext

from rollcall.accounts import first_start
from rollcall.directory.labels import STATES
from rollcall.imports import labels as words
from rollcall.imports import presenter
from rollcall.imports.models import ChangeRecord
from rollcall.imports.source_accounts import source_of
from rollcall.mail import server
from rollcall.web.shell import forms, once, pages
from rollcall.web.shell.text.labels import RUN_CSS

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon from the sprite (`static/portal/icons.svg`)."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("portal/icons.svg"),
        name,
    )


@register.simple_tag
def form_key() -> SafeString:
    """The key of a form that makes something (`once`): sent twice, the form makes it once."""
    return format_html('<input type="hidden" name="{}" value="{}">', once.KEY, token_urlsafe(16))


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """A date and time as the reader's language writes it, in the server's time zone."""
    local = localtime(at)
    return format_html(
        '<time datetime="{}">{}</time>',
        local.isoformat(),
        date_format(local, "SHORT_DATETIME_FORMAT"),
    )


@register.simple_tag
def state_badge(state: str) -> SafeString:
    """A user's state as a badge: Staged, Active, Suspended."""
    word = STATES[state]
    return format_html('<span class="badge state-{}">{}</span>', word.css, gettext(word.text))


@register.simple_tag
def run_badge(state: str) -> SafeString:
    """A run's state as a badge."""
    css = RUN_CSS[state]
    return format_html('<span class="badge run-{}">{}</span>', css, words.state_label(state))


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's control with Tabler's class; marked invalid where it has an error."""
    invalid = " is-invalid" if field.errors else ""
    own = field.field.widget.attrs.get("class", "")
    css = f"{forms.css_class(field.field.widget)}{invalid} {own}".strip()
    attrs: dict[str, str | bool] = {"class": css}
    if str(field.field.widget.attrs.get("placeholder", "")) == str(field.label):
        attrs["placeholder"] = False  # allauth repeats the label there
    # Django's widgets have escaped what was typed.
    return SafeString(field.as_widget(attrs=attrs))


@register.simple_tag
def choice(option: BoundWidget) -> SafeString:
    """One radio button or tick box of a field with several, with Tabler's class."""
    # Django builds the tag from this dictionary and offers no other place for a class.
    option.data["attrs"]["class"] = "form-check-input"
    return SafeString(option.tag())


@register.filter
def button_class(tags: Collection[str] | None) -> str:
    """Tabler's class for one of allauth's buttons, by what allauth says of it."""
    named = tags or ()
    if "danger" in named or "delete" in named:
        return "btn-danger"
    quiet = any(tag in named for tag in ("cancel", "secondary", "outline"))
    return "" if quiet else "btn-primary"


@register.filter
def why(change: ChangeRecord) -> str:
    """Why a change is made, or what went wrong, in the reader's language."""
    names = presenter.Names(change.run)
    names.learn_reasons([change])
    return presenter.why(change, source_of(change.run), names)


@register.filter
def result_word(result: str) -> str:
    """The word for a result of an import."""
    return words.result_label(result)


@register.filter
def is_check(field: BoundField) -> bool:
    """Whether the field is a single tick box."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not hasattr(
        field.field, "choices"
    )


@register.simple_tag
def nobody_administers() -> bool:
    """Whether there is no administrator yet, who could help anybody in."""
    return first_start.is_first_start()


@register.simple_tag
def mail_server_is_set() -> bool:
    """Whether e-mails leave this machine; no page promises one where they do not."""
    return server.is_set()


@register.simple_tag(takes_context=True)
def page_url(context: dict[str, Any], name: str, **kwargs: Any) -> str:
    """The address of a page, "" where it does not exist or this person may not open it."""
    if not pages.may(context["request"], name):
        return ""
    try:
        return reverse(name, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def may_write(context: dict[str, Any], name: str) -> bool:
    """Whether the person signed in may send this page's form: `{% may_write "user" as can %}`."""
    return pages.may(context["request"], name, "POST")
