"""What people type to say who they are: an e-mail or a username, and whose account that is."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Case, ExpressionWrapper, IntegerField, Q, QuerySet, Value, When

from rollcall.accounts import stand_in
from rollcall.accounts.models import Account
from rollcall.accounts.standing import standing_of
from rollcall.core import emails
from rollcall.core.text import clean

LONGEST: Final = 1024
"""Characters that are looked at: no e-mail and no username of the directory is longer."""

ADMINISTRATORS: Final = Q(user=None) | Q(role_grants__isnull=False)
"""Whose account's own e-mail counts, and not the one that their user has."""


def email_of(typed: str) -> str:
    """The e-mail of the account that signs in with this; what was typed where there is none.

    One statement of three that each use an index, whoever it is: an unknown name costs as much.
    An administrator's e-mail comes first, then the one that the directory has of a user today. An
    e-mail that a user's account has kept from before comes after those, since somebody else may
    have got it meanwhile. A username comes last.
    """
    email, name = emails.normalize(typed[:LONGEST]), clean(typed[:LONGEST]).lower()
    own = _ranked(Case(When(ADMINISTRATORS, then=0), default=2), Q(email=email), "email")
    of_user = _ranked(Value(1), Q(user__email=email), "email")
    of_name = _ranked(Value(3), Q(user__username__lower=name), "email")
    found = sorted(own.union(of_user, of_name, all=True))
    return str(found[0][1]) if found else email


def owner_of(email: str) -> Account | None:
    """The account whose owner reads this address and may set a new password now.

    Of a user it is the address that the directory has today, of an administrator the account's
    own, which nobody changes who merely writes users.
    """
    administrator = Q(email=email) & ADMINISTRATORS
    user = Q(user__email=email, role_grants=None)
    # Where both are there the administrator's comes first: whoever writes users can give one of
    # them an administrator's e-mail, and must not keep that administrator out by it.
    of_user = _ranked(Value(1), user, "pk")
    ranked = _ranked(Value(0), administrator, "pk").union(of_user, all=True)
    ids = [key for _, key in sorted(ranked)]
    # Asked in vain where there is nobody: an unknown address costs as much as a known one.
    whole = Account.objects.get_queryset().select_related("user")
    account = whole.filter(pk=ids[0] if ids else stand_in.NOBODYS).first()
    if account is None or not account.is_active:
        return None
    return account if account.user is None or standing_of(account).may_set_password else None


def _ranked(rank: Case | Value, whose: Q, field: str) -> QuerySet[Account, tuple[int, Any]]:
    accounts = Account.objects.get_queryset().filter(whose)
    ranked = accounts.annotate(rank=ExpressionWrapper(rank, IntegerField()))
    return ranked.values_list("rank", field)
