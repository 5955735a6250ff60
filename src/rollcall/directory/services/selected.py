"""Changes to all users of a query at once: a fixed number of statements, however many they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, JSONField, Value
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import record_selected
from rollcall.directory.models import ChangeKind, ObjectType, User, UserQuerySet
from rollcall.directory.services.notes import note_selected
from rollcall.provisioning.user import State

Sql: TypeAlias = "tuple[str, Any]"


class Stamped(Func):
    """A provenance with this field's source and moment set, as an expression for an update."""

    output_field = JSONField()

    def __init__(self, field: str, source: str, now: datetime) -> None:
        # Merged by the database: to write the whole provenance would take back what others wrote.
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


ACTIONS = {
    (State.STAGED, State.ACTIVATED): Action.USER_ACTIVATE,
    (State.SUSPENDED, State.ACTIVATED): Action.USER_REACTIVATE,
    (State.STAGED, State.SUSPENDED): Action.USER_SUSPEND,
    (State.ACTIVATED, State.SUSPENDED): Action.USER_SUSPEND,
}
"""What each change of state is called; nobody ever returns to being staged."""


@transaction.atomic(savepoint=False)
def set_state(actor: Actor, source: str, users: UserQuerySet, state: State) -> int:
    """Give these users the state; how many did not have it.

    Raises:
        ValueError: the state is `STAGED`, to which nobody returns.
    """
    if state is State.STAGED:
        raise ValueError("a user never returns to STAGED")
    now = timezone.now()
    changing = the_same(users).exclude(state=state)
    # Before the update: the events take the state before from the rows.
    for (before, after), action in ACTIONS.items():
        if after is state:
            record_selected(
                actor,
                action,
                changing.filter(state=before),
                target_type=ObjectType.USER.value,
                name="username",
                before={"state": "state"},
                after={"state": state.value},
            )
    note_selected(ObjectType.USER, ChangeKind.UPDATED, changing, now, fields=("state",))
    return changing.update(state=state.value, updated=now, provenance=Stamped("state", source, now))


def the_same(users: UserQuerySet) -> UserQuerySet:
    """The same users as a query over their table alone, which can be updated."""
    return User.objects.filter(pk__in=users.order_by().values("pk"))
