"""What is kept of a person, in words: what is found, what erasing removes, and what stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rollcall.privacy import people
from rollcall.privacy.subject import Subject

LABELS: Final[Mapping[str, Promise]] = {
    "users of the directory": _("User, group memberships and ids at sources"),
    "accounts": _("Account, second factors and sessions"),
    "failed sign-ins": _("Failed sign-ins"),
    "imported employees": _("What imports read and planned, of the person or naming them"),
    "e-mails": _("E-mails to the person"),
    "API": _("Records of the API"),
    "audit log": _("Events of the audit log about, by or naming the person"),
    "who started and hears of imports": _("Imports that the person started or hears of"),
    "SSH keys and rules for factors": _("SSH keys, and from when on a second factor is required"),
    "who made API keys": _("API keys that the person made"),
    "change feed of the directory": _("Change feed: the random id of the user"),
    "single sign-on": _("Applications that the person signed in to"),
    "single sign-on by SAML": _("Applications that the person signed in to by SAML"),
    "policies that name them": _("Access policies that name the person"),
    "forms that were sent": _("Forms of the last day that made the user: its random id"),
}
"""What the rooms' records are called, by their names in the registry."""

STAYING: Final[Mapping[str, Promise]] = {
    "audit log": _("stays, without name, address and values"),
    "who started and hears of imports": _("stays, without the name"),
    "who made API keys": _("stays, without the name"),
    "policies that name them": _("stays, without the name"),
    "change feed of the directory": _("stays: it names nobody"),
}
"""What becomes of the records that erasing does not delete."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How many rows of one kind are kept of a person, and what erasing does to them."""

    label: str | Promise
    count: int
    fate: str | Promise


def kept(subject: Subject) -> Iterator[Kept]:
    """What is kept of the person, in the order of the rooms."""
    for name, counts in people.find(subject).items():
        fate = STAYING.get(name, _("is deleted"))
        yield Kept(LABELS.get(name, name), sum(counts.values()), fate)
