"""What the organization's e-mails say: its own words where it has written some, else ours."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from email.mime.image import MIMEImage
from typing import Final

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from rollcall.accounts import letters
from rollcall.accounts.letters import Kind, Look, Text
from rollcall.accounts.models import EmailLook, EmailText
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Target
from rollcall.directory.models import Organization
from rollcall.mail import outbox

LOGO: Final = "logo"
"""What the picture is called inside of a message."""

DEFAULTS: Final[Mapping[Kind, Callable[[], Text]]] = {
    Kind.ACTIVATION: lambda: Text(
        gettext("Your account at {organization}"),
        gettext(
            "Hello {first_name},\n\nan account has been set up for you at {organization}. Choose "
            "your password here; the link works once and for {days} days:\n\n{link}\n\nIf the link "
            "has ended, ask your administrator to send it again."
        ),
    ),
    Kind.RESET: lambda: Text(
        gettext("A new password for {organization}"),
        gettext(
            "Hello {first_name},\n\nsomebody, perhaps you, has asked for a new password at "
            "{organization}. Choose it here; the link works once and for one hour:\n\n{link}\n\n"
            "If it was not you, do nothing: your password stays as it is."
        ),
    ),
    Kind.RECOVERY_ADDRESS: lambda: Text(
        gettext("Confirm your recovery e-mail for {organization}"),
        gettext(
            "Hello {first_name},\n\nconfirm here that this is your recovery e-mail at "
            "{organization}; the link works once and for one hour:\n\n{link}\n\nIf you know "
            "nothing of it, do nothing."
        ),
    ),
    Kind.EXPIRY_WARNING: lambda: Text(
        gettext("Your password at {organization} expires"),
        gettext(
            "Hello {first_name},\n\nyour password at {organization} expires soon; days left: "
            "{days}. Choose a new one before:\n\n{link}"
        ),
    ),
    Kind.LOCK_OUT: lambda: Text(
        gettext("Your account at {organization} is locked"),
        gettext(
            "Hello {first_name},\n\nyour account at {organization} was locked after too many wrong "
            "passwords. It is unlocked by itself where your administrator has set that, or by your "
            "administrator. If it was not you who typed them, tell your administrator."
        ),
    ),
    Kind.WELCOME: lambda: Text(
        gettext("Welcome at {organization}"),
        gettext(
            "Hello {first_name},\n\nyour account at {organization} is ready. Your applications are "
            "here:\n\n{link}"
        ),
    ),
}


def default_text(kind: Kind, language: str) -> Text:
    """What the e-mail says in this language as long as nobody has written anything else."""
    with translation.override(language):
        return DEFAULTS[kind]()


def text_of(kind: Kind, language: str) -> Text:
    """What the e-mail says in this language."""
    own = EmailText.objects.filter(kind=kind, language=language).first()
    return Text(own.subject, own.body) if own else default_text(kind, language)


class Writer:
    """Writes e-mails of one kind, to one person or to thousands; asks the database four times."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._own = {
            row.language: Text(row.subject, row.body) for row in EmailText.objects.filter(kind=kind)
        }
        look = EmailLook.the()
        self._logo = look.logo
        self._look = look.shown(Organization.the().displayName)
        self._sender = outbox.sender()

    def write(
        self, address: str, language: str, values: Mapping[str, str]
    ) -> EmailMultiAlternatives:
        """The e-mail to this address, in this language ("": that of whoever causes it)."""
        language = language or translation.get_language() or "en"
        text = self._own.get(language) or default_text(self._kind, language)
        known = {**values, "organization": self._look.organization}
        message = EmailMultiAlternatives(
            letters.filled(text.subject, known),
            letters.filled(text.body, known),
            self._sender,
            [address],
        )
        logo = f"cid:{LOGO}" if self._logo else ""
        message.attach_alternative(letters.as_html(text.body, known, self._look, logo), "text/html")
        if self._logo:
            message.mixed_subtype = "related"  # type: ignore[attr-defined]  # the stubs lack it
            message.attach(_picture(self._logo))
        return message


def previewed(kind: Kind, text: Text, look: Look, logo: str) -> tuple[str, str, str]:
    """Subject, plain text and HTML of this e-mail with invented values."""
    values = {
        "first_name": "Alex",
        "organization": look.organization,
        "link": "https://rollcall.example/set-password/…/",
        "days": "7",
        "minutes": "15",
    }
    plain = letters.filled(text.body, values)
    html = letters.as_html(text.body, values, look, logo)
    return letters.filled(text.subject, values), plain, html


@transaction.atomic
def save_text(actor: Actor, kind: Kind, language: str, text: Text | None) -> None:
    """Let the e-mail say this in this language; None: what it says by itself."""
    rows = EmailText.objects.filter(kind=kind, language=language)
    before = rows.first()
    if text is None:
        rows.delete()
    else:
        values = {"subject": text.subject, "body": text.body}
        EmailText.objects.update_or_create(kind=kind, language=language, defaults=values)
    said = {"subject": before.subject, "body": before.body} if before else {}
    now = {"subject": text.subject, "body": text.body} if text else {}
    if said != now:
        target = Target("email_text", name=f"{kind.value} ({language})")
        recording.record(actor, Action.EMAIL_TEXT_SAVE, target, before=said, after=now)


@transaction.atomic
def save_look(actor: Actor, *, color: str, logo: str | None, welcomes: bool) -> None:
    """Let the e-mails look so; `logo` None leaves it, "" takes it away."""
    look = EmailLook.objects.select_for_update().first() or EmailLook()
    before = {"color": look.color, "has_logo": bool(look.logo), "welcomes": look.welcomes}
    look.color, look.welcomes = color, welcomes
    look.logo = look.logo if logo is None else logo
    look.save()
    after = {"color": color, "has_logo": bool(look.logo), "welcomes": welcomes}
    if before != after or logo:
        target = Target("settings", name="emails")
        recording.record(actor, Action.EMAIL_TEXT_SAVE, target, before=before, after=after)


def _picture(data_address: str) -> MIMEImage:
    """The `data:` address as a part of a message that its HTML can name."""
    head, _, encoded = data_address.partition(",")
    subtype = head.removeprefix("data:image/").partition(";")[0]
    part = MIMEImage(base64.b64decode(encoded), _subtype=subtype)
    part.add_header("Content-ID", f"<{LOGO}>")
    part.add_header("Content-Disposition", "inline", filename=f"logo.{subtype}")
    return part
