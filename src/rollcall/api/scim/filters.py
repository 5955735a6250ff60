"""SCIM filters as conditions on the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from scim2_models import InvalidFilterException
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from rollcall.core.user_texts import TEXTS
from rollcall.database.spellings import spelled

Columns = Mapping[str, tuple[str, ...]]
"""Where each attribute is found, by its path in lower case; several places are any of them."""

USER_COLUMNS: Final[Columns] = {
    "id": ("id",),
    "externalid": ("scim__external_id",),
    "username": ("scim__user_name", "username"),
    # An extension's attributes may be named without its URN, and no letter case counts.
    **{
        text.scim.removeprefix("enterprise.").replace("_", ""): (name,)
        for name, text in TEXTS.items()
        if text.scim
    },
    "emails": ("email", "alternateEmail"),
    "emails.value": ("email", "alternateEmail"),
    "groups": ("groups__id",),
    "groups.value": ("groups__id",),
    "meta.created": ("created",),
    "meta.lastmodified": ("updated",),
    "active": ("state",),
    "employeenumber": ("employeeIdentifier",),
    "manager": ("manager_id",),
    "manager.value": ("manager_id",),
}
EMAIL_TYPES: Final = {"email": "work", "alternateEmail": "other"}
"""The columns of addresses, and what type each is where no client has said."""

GROUP_COLUMNS: Final[Columns] = {
    "id": ("id",),
    "externalid": ("scim__external_id",),
    "displayname": ("name",),
    "members": ("membership__user_id",),
    "members.value": ("membership__user_id",),
    "meta.created": ("created",),
    "meta.lastmodified": ("updated",),
}
EXACT: Final = frozenset({"id", "scim__external_id", "groups__id", "manager_id"}) | {
    "membership__user_id"
}
"""Columns whose letter case counts."""

OWN_NAME: Final = Q(scim__isnull=True) | Q(scim__user_name="")
"""Whoever the clients know by another userName is not found by the directory's username."""

TIMES: Final = frozenset({"created", "updated"})
NULLABLE: Final = frozenset({"employeeIdentifier", "manager_id", "groups__id"}) | {
    "membership__user_id"
}
LOOKUPS: Final = {
    CompareOperator.eq: "exact",
    CompareOperator.co: "contains",
    CompareOperator.sw: "startswith",
    CompareOperator.ew: "endswith",
    CompareOperator.gt: "gt",
    CompareOperator.ge: "gte",
    CompareOperator.lt: "lt",
    CompareOperator.le: "lte",
}
TEXTUAL: Final = frozenset({"exact", "contains", "startswith", "endswith"})
MOST: Final = 200
"""How many comparisons one filter may hold."""


class ToCondition(FilterVisitor[Q]):
    """Turns the tree of a filter into a condition."""

    def __init__(
        self, columns: Columns, within: str = "", left: Iterator[int] | None = None
    ) -> None:
        self._columns = columns
        self._within = within
        self._left = iter(range(MOST)) if left is None else left

    def visit_comparison(self, node: Comparison) -> Q:
        """One attribute compared with one value."""
        columns = self._places(node.attr_path)
        if node.op == CompareOperator.ne:
            # Of several places none may have it, which "any of them is unequal" would not say.
            return ~self._any(columns, "exact", node.value)
        return self._any(columns, LOOKUPS[node.op], node.value)

    def visit_present(self, node: Present) -> Q:
        """An attribute that has a value."""
        condition = Q()
        for column in self._places(node.attr_path):
            if column.startswith("type of "):
                return Q(id__isnull=False)
            # These always have a value, and to compare them with "" is an error in PostgreSQL.
            if column in TIMES or column in {"id", "state"}:
                return Q(id__isnull=False)
            empty = Q((f"{column}__isnull", True))
            condition |= ~(empty if column in NULLABLE else empty | Q((column, "")))
        return condition

    def visit_not(self, node: Not) -> Q:
        """The opposite."""
        return ~self.visit(node.expr)

    def visit_logical_expr(self, node: LogicalExpr) -> Q:
        """All of these, or any."""
        condition = Q()
        for term in node.terms:
            part = self.visit(term)
            joined = condition & part if node.op == LogicalOperator.and_ else condition | part
            condition = joined if condition else part
        return condition

    def visit_value_path(self, node: ValuePath) -> Q:
        """A value with these properties."""
        place = f"{node.attr_path}."
        if str(node.attr_path).lower() != "emails":
            return ToCondition(self._columns, place, self._left).visit(node.val_filter)
        # All of it must hold of one address: of each is asked by itself.
        # Nobody, to begin an "or" with.
        condition = Q(pk__in=[])
        for column in EMAIL_TYPES:
            columns = {"emails.value": (column,), "emails.type": (f"type of {column}",)}
            inner = ToCondition(columns, place, self._left)
            condition |= ~Q((column, "")) & inner.visit(node.val_filter)
        return condition

    def _places(self, path: AttrPath) -> tuple[str, ...]:
        plain = ".".join(part for part in (path.attr, path.sub_attr) if part)
        # One count for the whole tree, so that nesting does not get around it.
        if next(self._left, None) is None:
            raise InvalidFilterException(detail=f"The filter has more than {MOST} comparisons")
        name = f"{self._within}{plain}".lower().rpartition(":")[2]
        if name not in self._columns:
            raise InvalidFilterException(detail=f"This directory cannot filter by {plain!r}")
        return self._columns[name]

    def _any(self, columns: tuple[str, ...], lookup: str, value: Any) -> Q:
        condition = Q()
        for column in columns:
            condition |= _compared(column, lookup, value)
        return condition


def _compared(column: str, lookup: str, value: Any) -> Q:
    if column == "state":
        return _active(lookup, value)
    if column.startswith("type of "):
        return _of_type(column.removeprefix("type of "), lookup, value)
    if column in TIMES:
        return _at(column, lookup, value)
    if value is None:
        return Q((f"{column}__isnull", True)) if column in NULLABLE else Q((column, ""))
    if not isinstance(value, str):
        raise InvalidFilterException(detail="The value to compare with is not text")
    # The schemas' attributes are caseExact false, but for ids (RFC 7643, 7).
    if lookup in TEXTUAL and column not in EXACT:
        comparison = spelled(column, lookup, value)
    else:
        comparison = Q((f"{column}__{lookup}", value))
    return comparison & OWN_NAME if column == "username" else comparison


def _active(lookup: str, value: Any) -> Q:
    if lookup != "exact" or not isinstance(value, bool):
        raise InvalidFilterException(detail="active is true or false")
    return Q(state="ACTIVATED") if value else ~Q(state="ACTIVATED")


def _of_type(column: str, lookup: str, value: Any) -> Q:
    if lookup != "exact" or not isinstance(value, str):
        raise InvalidFilterException(detail="The type of an e-mail is compared by eq with text")
    told = f"scim__more__types__{column}"
    said = Q((told, value.lower()))
    # Whom no SCIM client has written has no types stored.
    untold = Q(scim__isnull=True) | Q((f"{told}__isnull", True))
    return said | untold if value.lower() == EMAIL_TYPES[column] else said


def _at(column: str, lookup: str, value: Any) -> Q:
    try:
        moment = parse_datetime(value) if isinstance(value, str) else value
        # Without a zone it could be any of two dozen hours; `timestamp` fails out of the calendar.
        usable = moment is not None and moment.tzinfo is not None and moment.timestamp()
    except (ValueError, OverflowError, AttributeError):
        usable = None
    if usable is None or usable is False or lookup in TEXTUAL - {"exact"}:
        raise InvalidFilterException(detail="The value to compare with is not a time")
    return Q((f"{column}__{lookup}", moment))
