"""Warns the administrators by e-mail before a certificate ends: 60, 30, 7 days, 24 hours ahead."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from rollcall.access.saml import certificates
from rollcall.access.saml.models import Certificate
from rollcall.accounts.models import Account, Role
from rollcall.jobs import clock
from rollcall.mail import outbox

HOURS_AHEAD: Final = (60 * 24, 30 * 24, 7 * 24, 24)
"""When a warning is sent, in hours before the end (JumpCloud: 60, 30, 7 days, 24 hours)."""
PURPOSE: Final = "certificate"


def due(not_after: datetime, warned_hours: int | None, now: datetime) -> int | None:
    """Which warning is to be sent now, in hours ahead; None for none. Pure.

    Of several that were missed only the nearest one is: nobody needs four at once.
    """
    left = not_after - now
    reached = [hours for hours in HOURS_AHEAD if left <= timedelta(hours=hours)]
    if left <= timedelta() or not reached:
        return None
    nearest = min(reached)
    return nearest if warned_hours is None or nearest < warned_hours else None


def warn() -> int:
    """Post the warnings that are due; of how many certificates. Harmless in several processes."""
    if clock.read():
        return 0
    now = timezone.now()
    soon = Certificate.objects.filter(
        Q(warned_hours=None) | Q(warned_hours__gt=min(HOURS_AHEAD)),
        not_after__gt=now,
        not_after__lte=now + timedelta(hours=max(HOURS_AHEAD)),
        connection__application__active=True,
    )
    warned = 0
    for certificate in soon.select_related("connection__application").order_by("not_after", "pk"):
        hours = due(certificate.not_after, certificate.warned_hours, now)
        # Another one signs already: what ends is of no use any more.
        if hours and certificate == certificates.current(certificate.connection):
            warned += _posted(certificate, hours)
    return warned


@transaction.atomic
def _posted(certificate: Certificate, hours: int) -> bool:
    same = Certificate.objects.filter(pk=certificate.pk, warned_hours=certificate.warned_hours)
    if not same.update(warned_hours=hours):
        return False
    administrators = Account.objects.with_role(Role.ADMINISTRATOR).filter(is_active=True)
    for administrator in administrators:
        outbox.try_post(_message(administrator, certificate), purpose=PURPOSE)
    return True


def _message(to: Account, certificate: Certificate) -> EmailMultiAlternatives:
    label = certificate.connection.application.displayLabel
    with translation.override(to.language or settings.LANGUAGE_CODE):
        day = date_format(timezone.localtime(certificate.not_after), "DATETIME_FORMAT")
        subject = gettext("[Rollcall] The certificate for %(application)s ends on %(day)s") % {
            "application": label,
            "day": day,
        }
        body = gettext(
            "The certificate that signs people on at %(application)s ends on %(day)s. After that "
            "nobody gets in there. Make a new one, let the application know it, and let it sign "
            "then: both are in the metadata until you remove the old one."
        ) % {"application": label, "day": day}
    return EmailMultiAlternatives(subject, body, outbox.sender(), [to.email])
