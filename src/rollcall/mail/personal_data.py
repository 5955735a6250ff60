"""What the outbox keeps of a person: the e-mails to them."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from rollcall.core.actor import Actor
from rollcall.mail import mail_files
from rollcall.mail.models import OutgoingMessage
from rollcall.privacy.registry import Impersonal, PersonalRecords, Rows, Statement
from rollcall.privacy.subject import Subject


def _rows(subject: Subject) -> Rows:
    return (OutgoingMessage.objects.filter(recipient__in=subject.emails),)


def _erase(subject: Subject, actor: Actor) -> int:
    rows = sum(rows.delete()[0] for rows in _rows(subject))
    # once it is certain that the person is erased, since files come back with no transaction
    transaction.on_commit(partial(mail_files.erase, subject.emails))
    return rows


STATEMENT = Statement(
    records=(
        PersonalRecords(
            name="e-mails",
            columns=("mail.OutgoingMessage",),
            rows=_rows,
            erase=_erase,
            secret=frozenset({"content"}),  # it may hold a link that signs somebody in
        ),
    ),
    impersonal=(Impersonal(("mail.Notifications",), "the organization's own sender"),),
)
