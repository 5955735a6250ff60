"""Writes manager links: one statement for a batch, whatever its size."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.utils import timezone

from rollcall.directory.builtin.models import User
from rollcall.directory.port import Link
from rollcall.provisioning.change import Outcome, Result
from rollcall.provisioning.reason import Reason


def write_links(links: Sequence[Link], source: str) -> list[Outcome]:
    """Set or clear the managers in the caller's transaction; outcomes of the failed links only."""
    wanted = {link.user_id for link in links} | {link.manager_id for link in links}
    found = User.objects.select_for_update(no_key=True).only("manager_id", "provenance")
    users = {user.id: user for user in found.filter(id__in=wanted - {None}).order_by("id")}
    failed: list[Outcome] = []
    rows: list[User] = []
    now = timezone.now()
    for link in links:
        if code := _fault(link, users):
            failed.append(Outcome(link.employee_id, Result.FAILED, link.user_id, Reason(code)))
            continue
        user = users[link.user_id]
        if user.manager_id != link.manager_id:
            user.manager_id, user.updated = link.manager_id, now
            user.provenance["manager"] = [source, now.isoformat()]
            rows.append(user)
    _set_managers(rows, now)
    return failed


def _fault(link: Link, users: Mapping[str, User]) -> str | None:
    if link.user_id not in users:
        return "user_gone"
    if link.manager_id == link.user_id:
        return "own_manager"
    if link.manager_id and link.manager_id not in users:
        return "manager_gone"
    return None


def _set_managers(users: Sequence[User], now: datetime) -> None:
    if not users:
        return
    table = User._meta.db_table
    document = "CAST(link.provenance AS jsonb)" if is_postgresql() else "link.provenance"
    rows = ", ".join(["(%s, %s, %s)"] * len(users))
    # the ORM would spell this as a CASE of one branch a user, which costs the batch's square
    statement = (
        f"WITH link (user_id, manager_id, provenance) AS (VALUES {rows}) "  # noqa: S608
        f"UPDATE {table} SET manager_id = link.manager_id, provenance = {document}, updated = %s "
        f"FROM link WHERE {table}.id = link.user_id"
    )
    values = [
        value for one in users for value in (one.id, one.manager_id, json.dumps(one.provenance))
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, now])


def is_postgresql() -> bool:
    """Whether the directory is kept in PostgreSQL, which has a type of its own for JSON."""
    return connection.vendor == "postgresql"
