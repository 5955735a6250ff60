"""What sign-on by SAML keeps of a person: where they signed on, when, and by which name."""

from __future__ import annotations

from rollcall.access.saml.models import SignOn
from rollcall.core.actor import Actor
from rollcall.privacy.registry import Impersonal, PersonalRecords, Rows, Statement
from rollcall.privacy.subject import Subject


def _rows(subject: Subject) -> Rows:
    if not subject.account_id:
        return ()
    return (SignOn.objects.filter(account=int(subject.account_id)),)


def _erase(subject: Subject, actor: Actor) -> int:
    rows = sum(found.count() for found in _rows(subject))
    for found in _rows(subject):
        found.delete()
    return rows


STATEMENT = Statement(
    records=(
        PersonalRecords(
            name="single sign-on by SAML",
            columns=("saml.SignOn",),
            rows=_rows,
            erase=_erase,
            secret=frozenset({"index", "browser"}),
        ),
    ),
    impersonal=(
        Impersonal(("saml.Connection",), "what is set of an application"),
        Impersonal(("saml.Certificate",), "keys of this installation"),
        Impersonal(("saml.AnsweredRequest",), "digests of requests that were answered"),
    ),
)
