"""How allauth behaves here: nobody signs up, who is admitted is asked, e-mails go to the outbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMultiAlternatives
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from rollcall.accounts import admission, recovery, services, session_store, stand_in
from rollcall.accounts.actors import account_target, actor_of, address_of
from rollcall.accounts.admission import Decision, Factor, SignIn
from rollcall.accounts.letters import Kind
from rollcall.accounts.mail_texts import Writer
from rollcall.accounts.models import Account
from rollcall.accounts.portal_address import absolute
from rollcall.accounts.standing import standing_of
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.mail import outbox

LINK_WORTH_SENDING: Final = timedelta(hours=1)
"""How long a reset link works, and so how long it is worth sending."""
MISMATCH: Final = gettext_lazy("The e-mail or username, or the password, is not right.")

SIGNED_IN: Final = "account/messages/logged_in.txt"

FACTORS: Final = {"password": Factor.PASSWORD, "mfa": Factor.SECOND_FACTOR}
"""What allauth calls the factors in its records of a session."""


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are given by administrators; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # One line whichever was typed, in the words of the form's own field.
        "email_password_mismatch": MISMATCH,
        "username_password_mismatch": MISMATCH,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_login_stages(self) -> list[str]:
        """allauth's steps, and after the second factor ours."""
        ours = ("PasswordRenewalStage", "EnrolmentStage")
        return [*super().get_login_stages(), *(f"rollcall.accounts.stages.{name}" for name in ours)]

    def pre_login(
        self, request: HttpRequest, user: Account, **attempt: Any
    ) -> HttpResponseBase | None:
        """Refuse whoever has no access before a second factor is asked for; else None."""
        # Whoever tries brings neither, and now both are asked for again and again.
        prefetch_related_objects([user], "role_grants", "user")
        standing = standing_of(user)
        if not standing.may_sign_in:
            barred = Decision(admitted=False, reason=standing.reason)
            _note_refusal(request, user, _sign_in(request, user), barred)
            clear_login(request)
            return cast(HttpResponseBase, self.respond_user_inactive(request, user))
        return cast("HttpResponseBase | None", super().pre_login(request, user, **attempt))

    def login(self, request: HttpRequest, user: Account) -> None:
        """Sign in whoever has proved their factors, if the admission port lets them.

        Raises:
            ImmediateHttpResponse: they are not admitted, and sent back to where one signs in.
        """
        # Here and not in `pre_login`: only now is it known which factors they have proved, and a
        # policy or the account may have changed since they typed their password.
        sign_in, standing = _sign_in(request, user), standing_of(user)
        barred = Decision(admitted=False, reason=standing.reason)
        decision = admission.decide(sign_in) if standing.admitted else barred
        if not decision.admits(sign_in):
            self._refuse(request, user, sign_in, decision)
        super().login(request, user)
        session_store.limit(request, user)
        recording.record(
            actor_of(request, user),
            Action.ACCOUNT_SIGN_IN,
            account_target(user),
            details=_details(sign_in, decision),
        )

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *more: Any,
        **named: Any,
    ) -> None:
        """Tell the person, but not that they are signed in: they see that, and it costs a page."""
        if message_template != SIGNED_IN:
            super().add_message(request, level, message_template, *more, **named)

    def set_password(self, user: Account, password: str) -> None:
        """Store a password that somebody chose: a new one, a first one, or for one forgotten."""
        if self.request.user != user:
            # Whoever follows the link of a forgotten password is signed in as nobody.
            action = Action.ACCOUNT_PASSWORD_RESET
        elif user.has_usable_password():
            action = Action.ACCOUNT_PASSWORD_CHANGE
        else:
            action = Action.ACCOUNT_PASSWORD_SET
        services.set_password(actor_of(self.request, user), user, password, action)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The client's address, as all others see it."""
        return address_of(request) or "0.0.0.0"  # noqa: S104 - behind a socket there is none

    def format_email_subject(self, subject: str) -> str:
        """The subject with the product's name."""
        return f"[Rollcall] {subject.strip()}"

    def get_from_email(self) -> str:
        """The sender that an administrator chose, else the one that the settings name."""
        return outbox.sender()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put it into the outbox: no page waits for a mail server, or breaks where it is down.

        Otherwise that would show, and only for those with an account.
        """
        message = self._rendered(template_prefix, email, context)
        outbox.try_post(message, purpose="account", expires=LINK_WORTH_SENDING)

    def send_password_reset_mail(self, user: Account, email: str, context: dict[str, Any]) -> None:
        """Send the link for a forgotten password; for an account that is nobody's, only work."""
        first_name = user.user.firstname if user.user else ""
        values = {"first_name": first_name, "link": str(context["password_reset_url"])}
        writer, nobodys = Writer(Kind.RESET), stand_in.is_one(user)
        # To both addresses, and to nobody where there is none, so that it shows at no clock.
        for address in (email, recovery.address_of(user)):
            message = writer.write(address or email, user.language, values)
            post = outbox.post_to_nobody if nobodys or not address else outbox.try_post
            post(message, purpose="account", expires=LINK_WORTH_SENDING)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Account,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the owner of an account, at its e-mail, what has changed about it."""
        # allauth asks its own table of addresses, which nobody fills here
        super().send_notification_mail(template_prefix, user, context, email or user.address)

    def _rendered(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> EmailMultiAlternatives:
        page = {"request": self.request, "current_site": get_current_site(self.request)}
        message: EmailMultiAlternatives = self.render_mail(
            template_prefix, email, {**page, "email": email, **context}
        )
        return message

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the "forgotten password" e-mail, under `ROLLCALL_BASE_URL` where set."""
        uid, _, token = key.partition("-")
        route = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return absolute(route, self.request)

    def _refuse(
        self, request: HttpRequest, account: Account, sign_in: SignIn, decision: Decision
    ) -> None:
        _note_refusal(request, account, sign_in, decision)
        # the next attempt begins with the password again
        clear_login(request)
        ordinary = gettext("You cannot sign in here now. Your administrator knows more.")
        messages.error(request, decision.message or ordinary)
        raise ImmediateHttpResponse(redirect("account_login"))


def _note_refusal(
    request: HttpRequest, account: Account, sign_in: SignIn, decision: Decision
) -> None:
    recording.record(
        actor_of(request),
        Action.ACCOUNT_SIGN_IN_REFUSED,
        account_target(account),
        success=False,
        reason=decision.reason or "a factor is missing",
        details=_details(sign_in, decision),
    )


def _sign_in(request: HttpRequest, account: Account) -> SignIn:
    records = get_authentication_records(request, account)
    methods = {record["method"] for record in records}
    return SignIn(
        account_id=account.pk,
        user_id=account.user_id or "",
        roles=account.roles,
        proved=frozenset(FACTORS[method] for method in methods & FACTORS.keys()),
        address=address_of(request),
        methods=frozenset(str(record["type"]) for record in records if record.get("type")),
        passwordless=any(record.get("passwordless") for record in records),
    )


def _details(sign_in: SignIn, decision: Decision) -> dict[str, Any]:
    """What Directory Insights says of a sign-in (`auth_method`, `mfa`, `auth_context`)."""
    applied = [{"name": decision.policy}] if decision.policy else []
    return {
        "auth_method": "session",
        "mfa": Factor.SECOND_FACTOR in sign_in.proved,
        "auth_context": {"policies_applied": applied, **decision.context},
    }
