"""The one place that says whether somebody may have a password: every door asks it.

Django's `validate_password` leads here (`AUTH_PASSWORD_VALIDATORS`), and so do allauth's forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts import old_passwords, password_policies
from rollcall.accounts.models import Account, PasswordPolicy
from rollcall.accounts.password_rules import MOST, Facts, Failure, failures

SENTENCES: Final[Mapping[Failure, str | Promise]] = {
    Failure.NO_LOWERCASE: _("The password needs a lower-case letter."),
    Failure.NO_UPPERCASE: _("The password needs a capital letter."),
    Failure.NO_DIGIT: _("The password needs a digit."),
    Failure.NO_SYMBOL: _("The password needs a character that is no letter, digit or space."),
    Failure.ONLY_DIGITS: _("The password must not be made of digits alone."),
    Failure.COMMON: _("Too many people have this password: choose a less common one."),
    Failure.HOLDS_NAME: _("The password is too like your name, username or e-mail."),
    Failure.RUN: _("The password must not hold four characters in a row such as abcd or 1111."),
    Failure.USED_BEFORE: _("You had this password before: choose a new one."),
}


class PolicyValidator:
    """Holds a password against the settings that are in force for its owner."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise a ValidationError that says all that is wrong with the password."""
        account = user if isinstance(user, Account) else Account()
        policy = password_policies.of(account.user_id)
        # Hashing is left for what would be taken otherwise: whoever types much too simple
        # passwords must not have six hashes made for each.
        facts, settings = _facts(account, password), policy.settings
        wrong = failures(settings, facts, password)
        if not wrong and settings.history:
            used = old_passwords.has_had(account, password, settings.history)
            wrong = failures(settings, replace(facts, used_before=used), password)
        if wrong:
            raise ValidationError([_told(failure, policy) for failure in wrong])

    def get_help_text(self) -> str:
        """What is asked of a password by default: who its owner will be is not known here."""
        return " ".join(asked(password_policies.default()))


def help_for(account: Account | None) -> str:
    """What is asked of this person's password, as the help of a form's field."""
    policy = password_policies.of(account.user_id if account else None)
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", zip(asked(policy))))


def asked(policy: PasswordPolicy) -> list[str]:
    """What the settings ask of a password, in sentences for whoever chooses one."""
    settings = policy.settings
    needed = (
        (settings.needs_lowercase, gettext("a lower-case letter")),
        (settings.needs_uppercase, gettext("a capital letter")),
        (settings.needs_digit, gettext("a digit")),
        (settings.needs_symbol, gettext("a symbol")),
    )
    length = gettext("At least {n} characters.").format(n=settings.min_length)
    classes = [words for is_needed, words in needed if is_needed]
    with_classes = gettext("With {classes}.").format(classes=", ".join(classes))
    return [
        length,
        *([with_classes] if classes else []),
        *([gettext("None that many people have.")] if settings.refuses_common else []),
        *([gettext("Without your name, username or e-mail.")] if settings.refuses_names else []),
        *([gettext("None that you had before.")] if settings.history else []),
    ]


def _told(failure: Failure, policy: PasswordPolicy) -> str:
    if failure is Failure.TOO_SHORT:
        least = policy.min_length
        line = ngettext(
            "The password needs at least {n} character.",
            "The password needs at least {n} characters.",
            least,
        )
        return line.format(n=least)
    if failure is Failure.TOO_LONG:
        return gettext("The password has more than {n} characters.").format(n=MOST)
    return str(SENTENCES[failure])


def _facts(account: Account, password: str) -> Facts:
    names = _names(account)
    return Facts(
        names=names,
        resembles_name=_is_refused(_similarity(), password, account),
        is_common=_is_refused(_common(), password, account),
    )


def _names(account: Account) -> tuple[str, ...]:
    user = account.user
    if user is None:
        return (account.email,)
    return (account.email, user.email, user.username, user.firstname, user.lastname)


def _is_refused(
    validator: CommonPasswordValidator | UserAttributeSimilarityValidator,
    password: str,
    account: Account,
) -> bool:
    try:
        validator.validate(password[: MOST + 1], account)
    except ValidationError:
        return True
    return False


@cache
def _common() -> CommonPasswordValidator:
    """Django's list of 20,000, read once."""
    return CommonPasswordValidator()


@cache
def _similarity() -> UserAttributeSimilarityValidator:
    return UserAttributeSimilarityValidator(user_attributes=["email"])
