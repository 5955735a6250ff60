"""Who is in which group, in the answers: counted, and written without a model for each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from django.db.models import Count

from rollcall.directory.models import Membership

MOST: Final = 50_000
"""Edges in one answer: a page ends before them, one resource is always whole. Well under a second
of work (RFC 7644, 3.4.2.4, lets a page have fewer resources than were asked for)."""


@dataclass(frozen=True, slots=True)
class Side:
    """The members of groups, or the groups of users: whose they are, and how they are told."""

    attribute: str
    own: str
    other: str
    place: str

    def told(self, key: str, name: str, base: str) -> Mapping[str, str]:
        """One edge, with everything that may be asked of it."""
        address = f"{base}/{self.place}/{key}"
        return {"value": key, "$ref": address, "display": name, "type": "direct"}


MEMBERS: Final = Side("members", "group", "user", "Users")
GROUPS: Final = Side("groups", "user", "group", "Groups")


def filled(side: Side, content: Sequence[dict[str, Any]], base: str) -> list[dict[str, Any]]:
    """These resources with their edges in the place of the one that stands in for all.

    Where the client did not ask for them none stands there, and none is read. The resources are
    fewer than were handed in where they have too many edges for one answer.
    """
    asked = next((each[side.attribute][0] for each in content if each.get(side.attribute)), None)
    if asked is None:
        return list(content)
    some = _fitting(side, content)
    edges = _edges(side, [each["id"] for each in some], asked.keys(), base)
    for each in some:
        if own := edges.get(each["id"]):
            each[side.attribute] = own
        else:
            each.pop(side.attribute, None)
    return some


def _fitting(side: Side, content: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = Membership.objects.filter((f"{side.own}__in", [each["id"] for each in content]))
    sizes = dict(rows.order_by().values_list(side.own).annotate(Count("pk")))
    so_far = accumulate(sizes.get(each["id"], 0) for each in content)
    return [
        each
        for place, (each, number) in enumerate(zip(content, so_far, strict=True))
        if not place or number <= MOST
    ]


def _edges(
    side: Side, ids: Sequence[str], asked: Any, base: str
) -> Mapping[str, list[dict[str, str]]]:
    rows = Membership.objects.filter((f"{side.own}__in", ids)).order_by("id")
    name = "group__name" if "display" in asked else side.other
    edges: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for own, other, display in rows.values_list(side.own, side.other, name):
        told = side.told(other, display, base)
        edges[own].append({key: told[key] for key in asked})
    return edges
