"""Changes in the form that JumpCloud takes: what is sent to create or to update a user."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Final, TypeAlias

from rollcall.core.user_fields import ATTRIBUTE_PREFIX
from rollcall.core.user_texts import TEXTS
from rollcall.provisioning.change import Change, Kind
from rollcall.provisioning.user import State
from rollcall.targets.jumpcloud.identity import Identity
from rollcall.targets.jumpcloud.responses import Record, attributes_of, text_of

Body: TypeAlias = "dict[str, object]"

NOT_SENT: Final = frozenset({"state", "manager", "username"})
"""Fields with a road of their own: the state's rules, the second pass, never after the create."""


AS_ATTRIBUTES: Final = frozenset(name for name, text in TEXTS.items() if not text.jumpcloud)
"""The directory's texts that JumpCloud's users do not have: kept as custom attributes there."""


def creation(
    change: Change, identity: Identity, taken: Container[str], default: State | None
) -> Body:
    """The new user of a change of kind create.

    `taken` holds employee identifiers that other users have. The state is left out where it is
    the organization's `default` for application imports.
    """
    texts = {name: value for name, value in _texts(change).items() if value}
    body: Body = {"username": change.after("username") or "", **texts}
    attributes = {name: value for name, value in _attributes(change).items() if value}
    # Last, so that no mapping fills the attribute that says whose user it is.
    body["attributes"] = listed({**attributes, identity.attribute: employee_of(change)})
    if identity.in_identifier and employee_of(change) not in taken:
        body.setdefault("employeeIdentifier", employee_of(change))
    if (state := change.after("state")) and state != default:
        body["state"] = state
    return body


def revision(change: Change, identity: Identity, taken: Container[str], current: Record) -> Body:
    """What an update of any kind sends; empty where the bulk call has nothing to carry.

    `taken` holds employee identifiers that other users have. `current` is the user as it is,
    needed where `needs_current` says so: JumpCloud replaces the whole list of custom attributes,
    so the others are sent back as they are.
    """
    # Empty, and not left out: what is left out stays as it is.
    body: Body = {name: value or "" for name, value in _texts(change).items()}
    attributes = _attributes(change)
    if change.external_id and identity.of(current) != change.external_id:
        attributes[identity.attribute] = change.external_id
        carried = change.takeover.carried if change.takeover else ""
        free = (
            change.external_id not in taken
            # the number of the same person's older record says nothing any more
            and text_of(current, "employeeIdentifier") in ("", carried)
        )
        if identity.in_identifier and free:
            body.setdefault("employeeIdentifier", change.external_id)
    if attributes:
        merged = {**attributes_of(current), **attributes}
        body["attributes"] = listed({name: value for name, value in merged.items() if value})
    state = change.after("state")
    # Who is staged is activated by a call of its own: the bulk update takes no such state.
    if state == State.SUSPENDED or (state == State.ACTIVATED and not activates(change)):
        body["state"] = state
    return body


def needs_current(change: Change) -> bool:
    """Whether the update can only be written knowing what the user holds now."""
    return change.external_id is not None or bool(_attributes(change))


def activates(change: Change) -> bool:
    """Whether the change takes a user from staged to active: a call of its own in JumpCloud."""
    staged = any(
        difference.field == "state" and difference.before == State.STAGED
        for difference in change.fields
    )
    asked = change.after("state") == State.ACTIVATED
    return change.kind is not Kind.CREATE and asked and (staged or change.kind is Kind.ACTIVATE)


def without_identifier(body: Body) -> Body:
    """The same with the id in the custom attribute alone: the identifier was taken."""
    return {name: value for name, value in body.items() if name != "employeeIdentifier"}


def carried(body: Body, record: Record) -> bool:
    """Whether the user now holds everything that the body asked for."""
    return all(_same(name, value, record) for name, value in body.items() if name != "id")


def gives_identity(change: Change) -> bool:
    """Whether the user is to carry its employee's id from this change on."""
    return change.kind is Kind.CREATE or change.external_id is not None


def employee_of(change: Change) -> str:
    """The id that the user of this change carries."""
    return change.external_id or change.employee_id


def listed(attributes: Mapping[str, str | None]) -> list[dict[str, str]]:
    """Custom attributes as JumpCloud lists them."""
    return [{"name": name, "value": value or ""} for name, value in attributes.items()]


def _texts(change: Change) -> dict[str, str | None]:
    return {
        difference.field: difference.after
        for difference in change.fields
        if difference.field not in NOT_SENT and not _attribute_of(difference.field)
    }


def _attributes(change: Change) -> dict[str, str | None]:
    return {
        attribute: difference.after
        for difference in change.fields
        if (attribute := _attribute_of(difference.field))
    }


def _attribute_of(field: str) -> str:
    """The custom attribute in which JumpCloud keeps this field; "" for a field of its own."""
    if field in AS_ATTRIBUTES:
        return field
    return field.removeprefix(ATTRIBUTE_PREFIX) if field.startswith(ATTRIBUTE_PREFIX) else ""


def _same(name: str, value: object, record: Record) -> bool:
    if name == "attributes":
        return attributes_of({name: value}) == attributes_of(record)
    # JumpCloud keeps addresses in small letters, whatever was sent.
    if name == "email":
        return str(value).lower() == text_of(record, name).lower()
    return (value or "") == (record.get(name) or "")
