"""Conditional access in the reader's words: resources, targets, effects, conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.policies import books
from rollcall.access.policies.decision.facts import Factor, ResourceType
from rollcall.access.policies.decision.faults import Malformed
from rollcall.access.policies.decision.parsing import parse
from rollcall.access.policies.decision.policy import Action, Default, Policy, Targets
from rollcall.access.policies.models import AccessPolicy
from rollcall.web.shell.text.numbers import told

RESOURCES: Final[Mapping[str, Promise]] = {
    ResourceType.USER_PORTAL.value: _("User portal"),
    ResourceType.ADMIN_PORTAL.value: _("Admin portal"),
    ResourceType.APPLICATION.value: _("All applications"),
}

DEFAULTS: Final[Mapping[str, Promise]] = {
    Default.ALLOW.value: _("Allow authentication"),
    Default.MFA.value: _("Allow authentication & require MFA"),
    Default.MFA_BY_USER.value: _("Require MFA based on user setting"),
    Default.DENY.value: _("Deny access"),
}
"""The vendor's words for what becomes of whom no policy speaks of."""

OUTCOMES: Final[Mapping[str, Promise]] = {
    "allowed": _("Allowed"),
    "allowed_with_mfa": _("Allowed with a second factor"),
    "denied": _("Denied"),
}

CONDITIONS: Final[Mapping[str, Promise]] = {
    "all": _("All of these"),
    "any": _("At least one of these"),
    "not": _("Not"),
    "ipAddressIn": _("Address in IP list"),
    "ipAddressNotIn": _("Address not in IP list"),
    "locationIn": _("Country"),
    "locationNotIn": _("Country is not"),
    "mfaConfigured": _("MFA configured"),
    "time": _("Days and hours"),
    "deviceManaged": _("Device managed"),
    "deviceEncrypted": _("Device encrypted"),
    "operatingSystem": _("Operating system"),
    "osVersion": _("OS version"),
    "expression": _("CEL expression"),
}

FACTORS: Final[Mapping[str, Promise]] = {
    Factor.PASSWORD.value: _("Password"),
    Factor.TOTP.value: _("Authenticator app"),
    Factor.WEBAUTHN.value: _("Passkey or security key"),
    Factor.RECOVERY_CODE.value: _("Recovery code"),
}

DAYS: Final = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)

SYSTEMS: Final = {
    "android": "Android",
    "ios": "iOS",
    "linux": "Linux",
    "macos": "macOS",
    "windows": "Windows",
}


def compiled(policy: AccessPolicy) -> Policy | None:
    """The policy as it decides; None where it cannot be read."""
    try:
        return parse(policy.pk, books.document(policy))
    except Malformed:
        return None


def resources(policy: AccessPolicy) -> str:
    """What the policy is for."""
    read = compiled(policy)
    return ", ".join(_resources(read.targets)) if read else gettext("cannot be read")


def _resources(targets: Targets) -> Iterator[str]:
    for type_, ids in targets.resources.items():
        if ids:
            yield told(ngettext("one application", "{n} applications", len(ids)), len(ids))
        else:
            yield str(RESOURCES[type_.value])


def people(policy: AccessPolicy) -> str:
    """Whom the policy is for."""
    read = compiled(policy)
    if read is None:
        return ""
    targets = read.targets
    named = _counted(len(targets.user_ids), len(targets.group_ids))
    included = gettext("Everybody") if targets.everybody else named or gettext("Nobody")
    left_out = _counted(len(targets.not_user_ids), len(targets.not_group_ids))
    return (
        gettext("{people}, without {others}").format(people=included, others=left_out)
        if left_out
        else included
    )


def _counted(users: int, groups: int) -> str:
    parts = []
    if users:
        parts.append(told(ngettext("one user", "{n} users", users), users))
    if groups:
        parts.append(told(ngettext("one user group", "{n} user groups", groups), groups))
    return ", ".join(parts)


def effect(policy: AccessPolicy) -> str:
    """What the policy does where it holds."""
    read = compiled(policy)
    if read is None:
        return ""
    if read.action is Action.DENY:
        return gettext("Access denied")
    if read.demand is None:
        return gettext("Access allowed")
    return gettext("Access allowed with a second factor")


def conditions(given: object) -> str:
    """The conditions on one line."""
    if not isinstance(given, dict):
        return ""
    return "; ".join(_conditions(given)) or gettext("Always")


def _conditions(given: Mapping[str, Any]) -> Iterator[str]:
    for key, value in given.items():
        label = str(CONDITIONS.get(key, key))
        if isinstance(value, list) and key in ("all", "any"):
            inner = "; ".join(part for each in value for part in [conditions(each)])
            yield f"{label}: ({inner})"
        elif key == "not":
            yield f"{label}: ({conditions(value)})"
        else:
            yield label
