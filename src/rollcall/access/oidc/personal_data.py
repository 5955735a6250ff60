"""What single sign-on keeps of a person: where they signed on and when, and the tokens of it."""

from __future__ import annotations

from rollcall.access.oidc.models import AccessToken, RefreshToken, SignOn
from rollcall.core.actor import Actor
from rollcall.privacy.registry import Impersonal, PersonalRecords, Rows, Statement
from rollcall.privacy.subject import Subject


def _rows(subject: Subject) -> Rows:
    if not subject.account_id:
        return ()
    key = int(subject.account_id)
    return (
        SignOn.objects.filter(account=key),
        AccessToken.objects.filter(sign_on__account=key),
        RefreshToken.objects.filter(sign_on__account=key),
    )


def _erase(subject: Subject, actor: Actor) -> int:
    rows = sum(found.count() for found in _rows(subject))
    for found in _rows(subject):
        found.delete()
    return rows


STATEMENT = Statement(
    records=(
        PersonalRecords(
            name="single sign-on",
            columns=("oidc.SignOn", "oidc.AccessToken", "oidc.RefreshToken"),
            rows=_rows,
            erase=_erase,
            secret=frozenset({"code", "code_challenge", "credential", "digest", "nonce"}),
        ),
    ),
    impersonal=(
        Impersonal(("oidc.Client",), "an application's addresses and the digest of its secret"),
        Impersonal(("oidc.OwnToken",), "tokens of applications for themselves"),
        Impersonal(("oidc.FeedPlace",), "a place in the directory's changes"),
        Impersonal(("oidc.SigningKey",), "keys of this installation"),
    ),
)
