"""Activation e-mails, for one user or for many: asked once, and who got none is told with why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext

from rollcall.accounts import activation, activation_mail
from rollcall.accounts.activation import AT_ONCE
from rollcall.accounts.activation_mail import Letter, Mailbox
from rollcall.accounts.actors import actor_of
from rollcall.accounts.holders import Obstacle
from rollcall.accounts.portal_address import base_url
from rollcall.directory.models import UserQuerySet
from rollcall.directory.services import HAND
from rollcall.imports.open_targets import accounts_are_elsewhere
from rollcall.mail import server
from rollcall.web.admin.users import obstacles
from rollcall.web.shell import confirm
from rollcall.web.shell.text.numbers import grouped, told

SEND: Final = "send-activation"
MOST: Final = 5000
"""How many activation e-mails one request writes."""


def send_to_many(request: HttpRequest, users: UserQuerySet, back: str) -> HttpResponseBase:
    """Ask, then activate these users and send each the e-mail, at the company address."""
    if accounts_are_elsewhere():
        messages.error(request, gettext("Accounts are JumpCloud's: activate people there."))
        return redirect(back)
    if not server.is_set():
        messages.error(request, gettext("No mail server is set, so that nobody gets an e-mail."))
        return redirect(back)
    ids = list(users.order_by().values_list("pk", flat=True)[: MOST + 1])
    if len(ids) > MOST:
        line = gettext("Choose at most {n} users at a time for activation e-mails.")
        messages.error(request, line.format(n=grouped(MOST)))
        return redirect(back)
    if not confirm.is_confirmed(request):
        return _ask(request, len(ids), back)
    _tell(request, *_send(request, ids))
    return redirect(back)


def _send(request: HttpRequest, ids: Sequence[str]) -> tuple[int, list[Obstacle]]:
    """How many e-mails are on their way, and why the others are not."""
    actor = actor_of(request)
    done = activation.activate(actor, HAND, ids)
    ready = [each.account for each in done if each.account and each.obstacle is None]
    letters = activation_mail.letters(ready, Mailbox.COMPANY)
    sent = sum(
        activation_mail.send(actor, letters[start : start + AT_ONCE], base_url(request))
        for start in range(0, len(letters), AT_ONCE)
    )
    refused = [each.obstacle for each in done if each.obstacle is not None]
    return sent, refused + [Obstacle.NO_ADDRESS] * (len(ready) - sent)


def send_one(request: HttpRequest, letter: Letter) -> None:
    """Send one e-mail, and say whether it is on its way."""
    if activation_mail.send(actor_of(request), [letter], base_url(request)):
        sent = gettext("The activation e-mail is on its way to {email}.")
        messages.success(request, sent.format(email=letter.address))
    else:
        messages.error(request, gettext("No e-mail can be sent to this address."))


def _tell(request: HttpRequest, sent: int, refused: Sequence[Obstacle]) -> None:
    if sent:
        line = ngettext(
            "One activation e-mail is on its way.", "{n} activation e-mails are on their way.", sent
        )
        messages.success(request, told(line, sent))
    else:
        # JumpCloud's sentence, which administrators look for.
        line = gettext("No selected users are eligible for an activation e-mail.")
        messages.warning(request, line)
    if refused:
        messages.info(request, " ".join(obstacles.counted(refused)))


def _ask(request: HttpRequest, chosen: int, back: str) -> HttpResponseBase:
    if not chosen:
        messages.warning(request, gettext("Nobody was chosen."))
        return redirect(back)
    title = ngettext(
        "Send the activation e-mail to one user?",
        "Send activation e-mails to {n} users?",
        chosen,
    )
    return confirm.ask(
        request,
        title=told(title, chosen),
        sentences=[
            gettext("Whoever has no password yet gets an e-mail with a link that sets one."),
            gettext("The link works once and for seven days; links sent before end."),
            gettext("Staged users become Active. Suspended users get no e-mail."),
        ],
        yes=gettext("Send"),
        back=back,
        danger=False,
    )
