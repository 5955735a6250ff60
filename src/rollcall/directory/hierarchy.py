"""Who reports to whom: managers must exist, and nobody reports to themselves over any way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from django.db import connection

from rollcall.core.refusal import Refusal
from rollcall.directory.models import User

# Any number that stands for nothing else in the database.
LINKING: Final = 7_655_121
"""The number of PostgreSQL's advisory lock that stands for a change of managers."""

NOBODY: Final[Mapping[str, str | None]] = MappingProxyType({})


def manager_refusals(
    wishes: Mapping[str, str | None], known: Mapping[str, str | None] = NOBODY
) -> dict[str, Refusal]:
    """Why each user cannot get the manager wished for, by the user's id; the others can.

    `wishes` leads from users, who may be still to be made, to managers; None takes the manager
    away. All wishes count at once. `known` are the managers of users whom the caller has read in
    its transaction. One statement, and none where no manager is wished for or all are known.
    """
    if not any(wishes.values()):
        return {}
    managers = managers_above({*wishes, *filter(None, wishes.values())}, known)
    refusals: dict[str, Refusal] = {}
    for user_id, manager_id in wishes.items():
        if manager_id is None:
            continue
        if user_id == manager_id:
            refusals[user_id] = Refusal("manager", "own_manager", manager_id)
        elif manager_id not in managers:
            refusals[user_id] = Refusal("manager", "unknown_user", manager_id)
    open_wishes = {key: value for key, value in wishes.items() if key not in refusals}
    while circle := _in_circles(managers, open_wishes):
        # a wish that is refused leaves the old manager, with whom another wish may close a circle
        for user_id in circle:
            value = open_wishes.pop(user_id) or ""
            refusals[user_id] = Refusal("manager", "manager_circle", value)
    return refusals


def managers_above(
    ids: Collection[str], known: Mapping[str, str | None] = NOBODY
) -> dict[str, str | None]:
    """The manager of each of these users and of everybody above them, by id; one statement.

    `known` are those that the caller has read: of them and of whom they lead to nobody is asked
    twice. A circle that is there already ends the walk, since no row is walked over twice.
    """
    asked = {*ids, *filter(None, known.values())} - known.keys()
    # In a first import nobody has a manager yet, and everybody is known.
    if not asked:
        return dict(known)
    table = User._meta.db_table
    places = ", ".join(["%s"] * len(asked))
    # Everybody above at once: a walk step by step would be a statement for each level.
    statement = (
        f"WITH RECURSIVE above (id, manager_id) AS ("  # noqa: S608 - the model's own name
        f"SELECT id, manager_id FROM {table} WHERE id IN ({places}) "
        f"UNION SELECT boss.id, boss.manager_id FROM {table} boss "
        f"JOIN above ON boss.id = above.manager_id) SELECT id, manager_id FROM above"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(asked))
        return {**known, **dict(cursor.fetchall())}


def let_nobody_else_link() -> None:
    """Until this transaction ends, nobody else sets managers; ask for it before any row.

    Two writers who each close one half of a circle would else not see each other. SQLite has one
    writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LINKING])


def _in_circles(managers: Mapping[str, str | None], wishes: Mapping[str, str | None]) -> set[str]:
    """The users whose wish is part of a circle; each user is walked over once."""
    above = {**managers, **wishes}
    walk_of: dict[str, int] = {}
    members: set[str] = set()
    # Who was walked over before leads to no new circle, so each user costs one step.
    for walk, start in enumerate(wishes):
        path: list[str] = []
        user: str | None = start
        while user is not None and user in above and user not in walk_of:
            walk_of[user] = walk
            path.append(user)
            user = above[user]
        if user is not None and walk_of.get(user) == walk and user in path:
            members.update(path[path.index(user) :])
    return members & wishes.keys()
