"""What came of a tried sign-on, in the reader's words: whether, why, and what would help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.entitlement import Refusal
from rollcall.access.policies.decision.deciding import Explanation, Outcome
from rollcall.access.rehearsal import Rehearsal
from rollcall.accounts.standing import Bar

REASONS: Final[Mapping[str, str | Promise]] = {
    Refusal.NOBODY.value: _("The account belongs to no user of the directory."),
    Refusal.APPLICATION_INACTIVE.value: _("The application is inactive. Activate it."),
    Refusal.NOT_BOUND.value: _(
        "The user is in no user group that the application is bound to. Bind one of their groups, "
        "or add them to one that is bound."
    ),
    Bar.DEACTIVATED.value: _("The account is deactivated."),
    Bar.NOBODY.value: _("The account belongs to nobody: no role, and no user in the directory."),
    Bar.STAGED.value: _("The user is staged. Activate them first."),
    Bar.SUSPENDED.value: _("The user is suspended. Reactivate them first."),
    Bar.LOCKED.value: _("The user is locked. Unlock them first."),
    Bar.PASSWORD_EXPIRED.value: _(
        "The user's password has expired. They renew it at the next sign-in."
    ),
}
"""Why an application is closed to somebody, by the reason that events have for it."""


def sentences(rehearsal: Rehearsal) -> list[str]:
    """What would happen to them, and why; the first sentence is the verdict."""
    if rehearsal.account is None:
        return [
            gettext("They would not get in."),
            gettext("The user has no account yet: activate them on their page."),
        ]
    if rehearsal.refusal:
        known = REASONS.get(rehearsal.refusal)
        return [gettext("They would not get in."), str(known) if known else rehearsal.refusal]
    if rehearsal.enrols_first:
        return [
            gettext("They would not get in."),
            gettext("They have to set up a second factor first: their next sign-in leads there."),
        ]
    assert rehearsal.explanation is not None  # noqa: S101 - asked wherever nothing refuses
    return _decided(rehearsal.explanation)


def nameless() -> list[str]:
    """What is said of somebody whom the application could not be told a name of."""
    return [
        gettext("They would not get in."),
        gettext("The user has nothing in the field that is the NameID at this application."),
    ]


def _decided(explanation: Explanation) -> list[str]:
    if explanation.outcome is Outcome.DENIED:
        return [gettext("They would not get in."), _by_whom(explanation)]
    if not explanation.missing:
        return [gettext("They would get in."), _by_whom(explanation)]
    if explanation.facts.mfa_configured:
        return [
            gettext("They would get in after giving a second factor."),
            _by_whom(explanation),
        ]
    return [
        gettext("They would not get in."),
        _by_whom(explanation),
        gettext("A second factor is asked for, and the user has none yet."),
    ]


def _by_whom(explanation: Explanation) -> str:
    if explanation.default:
        return gettext("No policy speaks of it; the default for applications decides.")
    names = ", ".join(policy.name for policy in explanation.deciding[:20])
    return gettext("Conditional access decides, by the policy {names}.").format(names=names)
