"""What people may change about themselves: what the organization lets them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.db import transaction

from rollcall.accounts.user_models import EditableAttribute
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Target

OFFERED: Final = (
    "displayname",
    "middlename",
    "location",
    "description",
    "phoneNumbers",
    "addresses",
)
"""What an organization may let people change; no e-mail, which would lead to their account."""

PHONES: Final = ("work", "mobile", "home")
"""The kinds of phone numbers that the form has (JumpCloud v1, `phoneNumbers.type`)."""

ADDRESSES: Final = ("work", "home")
ADDRESS_PARTS: Final = ("streetAddress", "postalCode", "locality", "region", "country")


def editable() -> frozenset[str]:
    """The attributes that people may change."""
    return frozenset(EditableAttribute.objects.values_list("name", flat=True)) & set(OFFERED)


@transaction.atomic
def let_edit(actor: Actor, names: Collection[str]) -> None:
    """Let people change these attributes of themselves, and no others."""
    wanted, before = frozenset(names) & set(OFFERED), editable()
    if wanted == before:
        return
    EditableAttribute.objects.exclude(name__in=wanted).delete()
    new = [EditableAttribute(name=name) for name in wanted - before]
    EditableAttribute.objects.bulk_create(new, ignore_conflicts=True)
    recording.record(
        actor,
        Action.SETTINGS_USER_PORTAL_SAVE,
        Target("settings", name="user_portal"),
        before={"editable": sorted(before)},
        after={"editable": sorted(wanted)},
    )


def typed(user: Any, names: Collection[str]) -> dict[str, str]:
    """A user's values of these attributes as a form shows them, by field."""
    values = {name: str(getattr(user, name) or "") for name in names if not _is_list(name)}
    if "phoneNumbers" in names:
        numbers = {record.get("type"): record.get("number") for record in user.phoneNumbers}
        values |= {f"phone_{kind}": numbers.get(kind) or "" for kind in PHONES}
    if "addresses" in names:
        known = {record.get("type"): record for record in user.addresses}
        values |= {
            f"address_{kind}_{part}": known.get(kind, {}).get(part) or ""
            for kind in ADDRESSES
            for part in ADDRESS_PARTS
        }
    return values


def merged(user: Any, edited: Mapping[str, str]) -> dict[str, Any]:
    """The directory's values with what was changed in the form; other records of a list stay."""
    values: dict[str, Any] = {name: edited[name] for name in edited if name in OFFERED}
    phones = {
        kind: {"number": edited[f"phone_{kind}"]} for kind in PHONES if f"phone_{kind}" in edited
    }
    if phones:
        values["phoneNumbers"] = _with(user.phoneNumbers, phones)
    addresses: dict[str, dict[str, str]] = {}
    for kind in ADDRESSES:
        for part in ADDRESS_PARTS:
            if (name := f"address_{kind}_{part}") in edited:
                addresses.setdefault(kind, {})[part] = edited[name]
    if addresses:
        values["addresses"] = _with(user.addresses, addresses)
    return values


def _with(
    records: list[dict[str, Any]], changes: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """The records with these parts changed, by their type; one without any value goes."""
    rest, changed = [], dict(changes)
    for record in records:
        parts = changed.pop(str(record.get("type")), None)
        rest.append({**record, **parts} if parts is not None else record)
    rest += [{"type": kind, **parts} for kind, parts in changed.items()]
    shown = [{name: value for name, value in each.items() if value} for each in rest]
    return [each for each in shown if each.keys() - {"type"}]


def _is_list(name: str) -> bool:
    return name in ("phoneNumbers", "addresses")
