"""Second factors that the organization allows: the others are neither offered nor added."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from rollcall.accounts import factors
from rollcall.accounts.factor_rules import RECOVERY_CODES
from rollcall.accounts.models import Account

View = Callable[..., HttpResponseBase]


def only(factor: str, view: View) -> View:
    """The view that adds this factor, for as long as it is allowed."""

    @wraps(view)
    def allowed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Whoever is not signed in is sent to sign in by the view itself.
        if not isinstance(request.user, Account):
            return view(request, *args, **kwargs)
        known = factors.rules().allowed
        if factor not in known:
            raise PermissionDenied
        had_codes = RECOVERY_CODES in known or _codes(request.user).exists()
        answer = view(request, *args, **kwargs)
        # allauth makes recovery codes together with the first factor, whatever is allowed.
        if not had_codes and _codes(request.user).delete()[0]:
            return redirect("mfa_index")
        return answer

    return allowed


def _codes(account: Account) -> Any:
    return Authenticator.objects.filter(user=account.pk, type=RECOVERY_CODES)


class AllowedIndexView(IndexView):  # type: ignore[misc]  # allauth ships no types
    """One's second factors: those that are allowed, and those that are there all the same."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page's values, with the kinds that are offered."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        shown = factors.rules().allowed | set(context["authenticators"])
        context["MFA_SUPPORTED_TYPES"] = [name for name in factors.FACTORS if name in shown]
        return context


index = AllowedIndexView.as_view()
