"""Users activated over the API, with the e-mail that lets them set a password (JumpCloud v1)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from rollcall.accounts import activation, activation_mail
from rollcall.accounts.activation_mail import Letter, Mailbox
from rollcall.accounts.errors import EmailMalformedError
from rollcall.accounts.models import Account
from rollcall.accounts.portal_address import base_url
from rollcall.api.auth import actor_of
from rollcall.api.jumpcloud import writing
from rollcall.api.jumpcloud.errors import bad_request
from rollcall.api.jumpcloud.passwords import ELSEWHERE
from rollcall.api.lookalikes import HEADER
from rollcall.directory.models import User
from rollcall.directory.services import API
from rollcall.imports.open_targets import accounts_are_elsewhere
from rollcall.mail import server


def activate(request: HttpRequest, user: User, wanted: bool | str | None) -> str:
    """Make this user Active and post the e-mail; why none was posted, "" where one was or none was
    to be.

    An active user is no error, so that a client may ask again after a lost answer: they get the
    e-mail once more only where it is asked for.

    Raises:
        Problem: 400 where `wanted` is a text and no e-mail address.
    """
    was_staged = user.state == "STAGED"
    sends = wanted is not False and (was_staged or bool(wanted))
    why = _why_no_mail()
    account = _account(request, user) if sends and not why else None
    if account is not None:
        return _post(request, account, wanted)
    if was_staged:
        writing.set_fields(User.objects.get(pk=user.pk), actor_of(request), state="ACTIVATED")
    if sends and why:
        return why
    return "the user can set no password by e-mail, so none was sent" if sends else ""


def warned(response: HttpResponse, why: str) -> HttpResponse:
    """The response, with the reason why no e-mail was sent in a header."""
    if why:
        response[HEADER] = f'299 rollcall "{why}"'
    return response


def _why_no_mail() -> str:
    if accounts_are_elsewhere():
        return f"{ELSEWHERE}, so no e-mail was sent"
    return "" if server.is_set() else "no mail server is set, so no e-mail was sent"


def _account(request: HttpRequest, user: User) -> Account | None:
    """The user's account, made where there is none; None where there can be none, or a password
    is there."""
    [done] = activation.activate(actor_of(request), API, [user.pk])
    return done.account if done.obstacle is None else None


def _post(request: HttpRequest, account: Account, wanted: bool | str | None) -> str:
    letter = _letter(account, wanted)
    if letter is None or not activation_mail.send(actor_of(request), [letter], base_url(request)):
        return "no e-mail can be sent to this address"
    return ""


def _letter(account: Account, wanted: bool | str | None) -> Letter | None:
    if isinstance(wanted, str) and wanted:
        try:
            return activation_mail.letter_to(account, wanted)
        except EmailMalformedError:
            raise bad_request("Bad Request: email is no e-mail address") from None
    # The alternate address first: whoever starts soon reads no company mail yet.
    for mailbox in (Mailbox.ALTERNATE, Mailbox.COMPANY):
        if letters := activation_mail.letters([account], mailbox):
            return letters[0]
    return None
