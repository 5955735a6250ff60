"""A patch of a group costs what it changes: only the members that it names are looked at.

A directory's connector takes people out of large groups one by one. The members that a patch does
not name stay as they are, whoever they are, so they are neither read nor compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from scim2_models import Context, PatchOp

from rollcall.api.scim import reading
from rollcall.api.scim.letter_case import GROUP, value_of
from rollcall.api.scim.resources import POLICY, Group
from rollcall.database.bulk_insert import in_parts
from rollcall.directory.models import Membership, UserGroup

ONE_MEMBER: Final = re.compile(r'members\[\s*value\s+eq\s+"([^"\\]*)"\s*\](\.\w+)?', re.IGNORECASE)
"""The path of one member (RFC 7644, 3.5.2.2)."""
# Below the number of parameters that SQLite takes in a statement.
CHUNK: Final = 5000


@dataclass(frozen=True, slots=True)
class GroupPatch:
    """What a patch makes of a group: the resource as it says, and who comes and goes.

    `external_id` is the client's id that the group had before.
    """

    resource: Group
    external_id: str
    joining: frozenset[str]
    leaving: frozenset[str]


def patched(group: UserGroup, content: Any, base: str) -> GroupPatch | None:
    """What this patch changes of the group; None where it changes nothing.

    Raises:
        SCIMException, pydantic.ValidationError: it cannot be carried out.
    """
    context = Context.RESOURCE_PATCH_REQUEST
    patch: PatchOp[Group] = PatchOp[Group].model_validate(
        content, scim_ctx=context, scim_policy=POLICY
    )
    before = _members(group, _named(content))
    # With these members only: the library goes through the list for each operation.
    resource = reading.group_of(group, before, base)
    external_id = resource.external_id or ""
    if not patch.patch(resource, scim_policy=POLICY):
        return None
    after = frozenset(member.value or "" for member in resource.members or ())
    return GroupPatch(resource, external_id, after - before, before - after)


def _members(group: UserGroup, named: frozenset[str] | None) -> frozenset[str]:
    """Those of the named users who are members; all members where a patch names them otherwise."""
    edges = Membership.objects.filter(group=group)
    if named is None:
        return frozenset(edges.values_list("user_id", flat=True))
    parts = in_parts(sorted(named), CHUNK)
    return frozenset(
        user
        for part in parts
        for user in edges.filter(user__in=part).values_list("user", flat=True)
    )


def _named(content: Any) -> frozenset[str] | None:
    """The ids of all members that the operations name; None where they may mean others too."""
    operations = value_of(content, "operations")
    named: set[str] = set()
    for operation in operations if isinstance(operations, list) else ():
        ids = _ids_of_operation(operation)
        if ids is None:
            return None
        named |= ids
    return frozenset(named)


def _ids_of_operation(operation: Any) -> set[str] | None:
    path, value = value_of(operation, "path"), value_of(operation, "value")
    verb = str(value_of(operation, "op")).lower()
    if not path:
        members = value_of(value, "members")
        if members is None:
            return set()
        # "replace" sets the whole list, so it means members whom it does not name.
        return _ids(members) if verb == "add" else None
    place = str(path).lower().removeprefix(GROUP)
    if not place.startswith("members"):
        return set()
    if match := ONE_MEMBER.fullmatch(str(path)[-len(place) :]):
        return {match[1]}
    if place == "members" and verb in {"add", "remove"}:
        return _ids(value)
    return None


def _ids(value: Any) -> set[str] | None:
    """The ids in a list of members, or in one; None where it is empty or something else."""
    members = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    ids = [value_of(member, "value") for member in members]
    if not ids or not all(isinstance(id_, str) for id_ in ids):
        return None
    return set(ids)
