"""Sign-ons and their tokens: begun, found with all that decides, used once, and ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from rollcall.access import entitlement
from rollcall.access.oidc.digests import digest
from rollcall.access.oidc.library import ACCESS_TOKEN_SECONDS, CODE_SECONDS
from rollcall.access.oidc.models import AccessToken, Client, RefreshToken, SignOn
from rollcall.access.policies.decision.facts import Factor, Facts
from rollcall.accounts.models import Account
from rollcall.accounts.proofs import Proof

REFRESH_WITHIN: Final = timedelta(days=30)
"""How long a refresh token waits to be used."""


class AlreadyUsed(Exception):
    """A code or refresh token comes a second time: somebody else has it too."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an authorization request asked for, as far as the tokens to come depend on it."""

    redirect_uri: str
    scope: str
    code_challenge: str
    nonce: str
    claims: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """From where somebody has signed on, in which session, and what they had proved by then.

    The policies look at this again when tokens are refreshed: who asks then is the application,
    from an address of its own.
    """

    sid: str = ""
    address: str = ""
    proved: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Facts, session_key: str) -> Circumstances:
        """What the policies have just looked at."""
        proved = {factor.value: at.isoformat() for factor, at in facts.proved.items()}
        return cls(sid_of(session_key), facts.address, proved)


def sid_of(session_key: str) -> str:
    """What a browser's session is called in tokens (`sid`); its key cannot be told from it."""
    return salted_hmac("rollcall.oidc.sid", session_key).hexdigest() if session_key else ""


def begin(
    client: Client,
    account: Account,
    asked: Asked,
    proof: Proof,
    code: str,
    circumstances: Circumstances | None = None,
) -> SignOn:
    """Keep that this account signs on at the client, until the code is exchanged."""
    circumstances = circumstances or Circumstances()
    return SignOn.objects.create(
        client=client,
        account=account,
        code=digest(code),
        code_expires=timezone.now() + timedelta(seconds=CODE_SECONDS),
        code_challenge=asked.code_challenge,
        redirect_uri=asked.redirect_uri,
        scope=asked.scope,
        nonce=asked.nonce,
        claims=asked.claims,
        authenticated=datetime.fromtimestamp(proof.auth_time, UTC),
        methods=list(proof.amr),
        credential=account.get_session_auth_hash(),
        sid=circumstances.sid,
        address=circumstances.address,
        proved=dict(circumstances.proved),
    )


def proved_at(sign_on: SignOn) -> dict[Factor, datetime]:
    """What the person had proved when they signed on, and when they proved it."""
    return {
        Factor(factor): datetime.fromisoformat(at)
        for factor, at in sign_on.proved.items()
        if factor in set(Factor)
    }


def of_code(code: str) -> tuple[SignOn, bool] | None:
    """The sign-on that this code began, usable or not, and whether the person is bound to it."""
    rows = SignOn.objects.select_related("client__application", "account__user")
    bound = entitlement.bound("client__application", "account__user")
    row = _only(rows.filter(code=digest(code)).annotate(is_bound=bound))
    return (row, row.is_bound) if row else None


def of_access_token(token: str) -> AccessToken | None:
    """A living access token with its sign-on; None where there is none, or nobody may use it."""
    rows = _with_sign_on(AccessToken.objects.filter(digest=digest(token)))
    row: AccessToken | None = _only(rows)
    if row is None or row.expires <= timezone.now() or refusal(row.sign_on, row.is_bound):
        return None
    return row


def of_refresh_token(token: str) -> RefreshToken | None:
    """A refresh token with its sign-on, whether they may still be used or not."""
    rows = _with_sign_on(RefreshToken.objects.filter(digest=digest(token)))
    row: RefreshToken | None = _only(rows)
    return row


def refusal(sign_on: SignOn, is_bound: bool) -> str:
    """Why nothing of this sign-on may be used any more; "" where it may.

    `is_bound` is what the query that has read it says of the person's groups. Asked of a sign-on
    that has been read just now: whoever was suspended a moment ago is out.
    """
    if sign_on.revoked:
        return "the sign-on has been ended"
    # As Django's sessions do it: a new password ends whatever the old one began.
    if not constant_time_compare(sign_on.credential, sign_on.account.get_session_auth_hash()):
        return "the password has been changed"
    application = sign_on.client.application
    return entitlement.refusal(sign_on.account, application, is_bound=is_bound)


def use_code(sign_on: SignOn) -> None:
    """Note that the code has been exchanged.

    Raises:
        AlreadyUsed: it was before, perhaps this instant.
    """
    unused = SignOn.objects.filter(pk=sign_on.pk, code_used=None, revoked=None)
    if not unused.update(code_used=timezone.now()):
        raise AlreadyUsed


def use_refresh_token(token: RefreshToken) -> None:
    """Note that the refresh token has been exchanged.

    Raises:
        AlreadyUsed: it was before, perhaps this instant.
    """
    if not RefreshToken.objects.filter(pk=token.pk, used=None).update(used=timezone.now()):
        raise AlreadyUsed


def issue(sign_on: SignOn, access_token: str, refresh_token: str, scopes: Iterable[str]) -> None:
    """Keep new tokens of a sign-on by their digests; `refresh_token` may be ""."""
    now = timezone.now()
    AccessToken.objects.create(
        sign_on=sign_on,
        digest=digest(access_token),
        scope=" ".join(scopes),
        expires=now + timedelta(seconds=ACCESS_TOKEN_SECONDS),
    )
    if refresh_token:
        RefreshToken.objects.create(
            sign_on=sign_on, digest=digest(refresh_token), expires=now + REFRESH_WITHIN
        )


@transaction.atomic
def end(sign_ons: QuerySet[SignOn]) -> int:
    """End these sign-ons with all of their tokens, in two statements; how many were not ended."""
    AccessToken.objects.filter(sign_on__in=sign_ons).delete()
    return sign_ons.filter(revoked=None).update(revoked=timezone.now())


def _only(rows: QuerySet[Any]) -> Any:
    """The one row that there can be; `first` would have the database sort it."""
    return next(iter(rows[:1]), None)


def _with_sign_on(tokens: QuerySet[Any]) -> QuerySet[Any]:
    """The tokens with client, person and the person's right to be there, in one statement."""
    path = "sign_on__client__application", "sign_on__account__user"
    rows: QuerySet[Any] = tokens.select_related(*path).annotate(is_bound=entitlement.bound(*path))
    return rows
