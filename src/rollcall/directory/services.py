"""Changes to all users of a query at once: a fixed number of statements, however many they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, TypeAlias

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, F, Func, JSONField, OuterRef, Value
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

from rollcall.database.bulk_insert import insert_selected
from rollcall.directory.models import Membership, User, UserGroup, UserQuerySet
from rollcall.provisioning.user import State

Sql: TypeAlias = "tuple[str, Any]"

HAND: Final = "hand"
"""The source (`User.provenance`) of what a person has written."""


class Stamped(Func):
    """A provenance with this field's source and moment set, as an expression for an update."""

    output_field = JSONField()

    def __init__(self, field: str, source: str, now: datetime) -> None:
        stamp = Value({field: [source, now.isoformat()]}, output_field=JSONField())
        super().__init__(F("provenance"), stamp)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Sql:
        """JSON's merge, as SQLite spells it."""
        return self.as_sql(compiler, connection, template="JSON_PATCH(%(expressions)s)")

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> Sql:
        """JSON's merge, as PostgreSQL spells it."""
        return self.as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" || ")


def set_state(users: UserQuerySet, state: State, now: datetime) -> int:
    """Give these users the state, by hand; how many did not have it."""
    return (
        _the_same(users)
        .exclude(state=state)
        .update(state=state.value, updated=now, provenance=Stamped("state", HAND, now))
    )


def not_in(group: UserGroup, users: UserQuerySet) -> UserQuerySet:
    """Those of the users who are not members of the group."""
    there = Membership.objects.filter(group=group, user=OuterRef("pk"))
    return users.filter(~Exists(there))


def add_all(group: UserGroup, users: UserQuerySet, now: datetime) -> int:
    """Put these users into the group; how many were not in it."""
    wanted = not_in(group, _the_same(users))
    columns: dict[str, Combinable] = {
        "group_id": Value(group.pk),
        "user_id": F("pk"),
        "created": Value(now, output_field=models.DateTimeField()),
    }
    return insert_selected(Membership, wanted, columns)


def remove_all(group: UserGroup, users: UserQuerySet) -> int:
    """Take these users out of the group; how many were in it."""
    chosen = users.order_by().values("pk")
    return Membership.objects.filter(group=group, user__in=chosen).delete()[0]


def _the_same(users: UserQuerySet) -> UserQuerySet:
    """The same users as a query over their table alone, which can be updated."""
    return User.objects.filter(pk__in=users.order_by().values("pk"))
