"""What identity providers send beside the standard, brought into its form before it is parsed.

Entra and Okta name a manager by a bare id, by an empty text, or by a display name alone, and take
members out by objects that hold more than the `value`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rollcall.api.scim.letter_case import GROUP, value_of
from rollcall.api.scim.resources import EnterpriseUser

ENTERPRISE: Final = str(EnterpriseUser.__schema__).lower()
MANAGER: Final = f"{ENTERPRISE}:manager"


def user_resource(content: Any, manager: str | None = None) -> Any:
    """The content with its manager in the standard's form.

    Of whom only the display name is said, the user's `manager` so far is meant.
    """
    if not isinstance(content, Mapping):
        return content
    made = dict(content)
    for key, value in content.items():
        if str(key).lower() == ENTERPRISE and isinstance(value, Mapping):
            made[key] = _with_manager(value, "manager", manager)
        elif str(key).lower() == MANAGER:
            made = dict(_with_manager(made, str(key), manager))
    return made


def user_patch(content: Any, manager: str | None = None) -> Any:
    """The patch with the manager in the standard's form; see `user_resource`."""
    return _each_operation(content, lambda operation: _user_operation(operation, manager))


def group_patch(content: Any) -> Any:
    """The patch with members that are removed by their `value`, whatever stands beside it."""
    return _each_operation(content, _group_operation)


def _each_operation(content: Any, change: Any) -> Any:
    if not isinstance(content, Mapping):
        return content
    return {
        key: [change(each) for each in value]
        if str(key).lower() == "operations" and isinstance(value, list)
        else value
        for key, value in content.items()
    }


def _user_operation(operation: Any, manager: str | None) -> Any:
    if not isinstance(operation, Mapping):
        return operation
    path = str(value_of(operation, "path") or "").lower()
    value = value_of(operation, "value")
    if not path:
        changed = user_resource(value, manager)
        return {k: changed if str(k).lower() == "value" else v for k, v in operation.items()}
    if path == ENTERPRISE and isinstance(value, Mapping):
        changed = _with_manager(value, "manager", manager)
        return {k: changed if str(k).lower() == "value" else v for k, v in operation.items()}
    if (
        path not in {MANAGER, f"{MANAGER}.value"}
        or str(value_of(operation, "op")).lower() == "remove"
    ):
        return operation
    named = _manager(value, manager)
    where = str(EnterpriseUser.__schema__) + ":manager"
    if named is None:
        return {"op": "remove", "path": where}
    return {"op": "replace", "path": where, "value": named}


def _group_operation(operation: Any) -> Any:
    if not isinstance(operation, Mapping):
        return operation
    path = str(value_of(operation, "path") or "").lower().removeprefix(GROUP)
    value = value_of(operation, "value")
    if path != "members" or str(value_of(operation, "op")).lower() != "remove" or not value:
        return operation
    members = value if isinstance(value, list) else [value]
    named = [{"value": _id(each)} for each in members]
    return {key: each for key, each in operation.items() if str(key).lower() != "value"} | {
        "value": named
    }


def _with_manager(part: Mapping[str, Any], name: str, manager: str | None) -> Mapping[str, Any]:
    if value_of(part, name.lower()) is None:
        return part
    rest = {key: value for key, value in part.items() if str(key).lower() != name.lower()}
    return {**rest, name: _manager(value_of(part, name.lower()), manager)}


def _manager(value: Any, before: str | None) -> dict[str, Any] | None:
    """The manager that is meant; None for nobody."""
    value = (value[0] if value else None) if isinstance(value, list) else value
    if isinstance(value, Mapping):
        if value_of(value, "value") is None and value_of(value, "displayname"):
            # By a name alone nobody can be told from a namesake: no change is meant.
            value = before
        else:
            value = value_of(value, "value")
    return None if value is None or value == "" else {"value": value}


def _id(member: Any) -> Any:
    return value_of(member, "value") if isinstance(member, Mapping) else member
