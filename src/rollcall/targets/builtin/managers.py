"""Writes manager links: one statement for a batch, whatever its size."""

from __future__ import annotations

import json
from collections.abc import Container, Sequence
from datetime import datetime
from itertools import chain
from typing import TypeAlias

from django.db import connection
from django.utils import timezone

from rollcall.directory.models import User
from rollcall.provisioning.change import Outcome, Result
from rollcall.provisioning.reason import Reason
from rollcall.targets.base import Link

Row: TypeAlias = "tuple[str, str | None, str]"
"""A user's id, its manager's id, and its provenance as JSON."""


def write_links(links: Sequence[Link], source: str) -> list[Outcome]:
    """Set or clear the managers in the caller's transaction; outcomes of the failed links only."""
    wanted = {link.user_id for link in links} | {link.manager_id for link in links}
    found = User.objects.select_for_update(no_key=True).filter(id__in=wanted - {None})
    columns = found.order_by("id").values_list("id", "manager_id", "provenance")
    users = {id_: (manager_id, provenance) for id_, manager_id, provenance in columns}
    now = timezone.now()
    stamp = [source, now.isoformat()]
    failed: list[Outcome] = []
    rows: list[Row] = []
    for link in links:
        if code := _fault(link, users):
            failed.append(Outcome(link.employee_id, Result.FAILED, link.user_id, Reason(code)))
            continue
        manager_id, provenance = users[link.user_id]
        if manager_id != link.manager_id:
            provenance["manager"] = stamp
            rows.append((link.user_id, link.manager_id, json.dumps(provenance)))
    _write(rows, now)
    return failed


def _fault(link: Link, users: Container[str]) -> str | None:
    if link.user_id not in users:
        return "user_gone"
    if link.manager_id == link.user_id:
        return "own_manager"
    if link.manager_id and link.manager_id not in users:
        return "manager_gone"
    return None


def _write(rows: Sequence[Row], now: datetime) -> None:
    if not rows:
        return
    table = User._meta.db_table
    document = "CAST(link.provenance AS jsonb)" if is_postgresql() else "link.provenance"
    places = ", ".join(["(%s, %s, %s)"] * len(rows))
    # the ORM would spell this as a CASE of one branch a user, which costs the batch's square
    statement = (
        f"WITH link (user_id, manager_id, provenance) AS (VALUES {places}) "  # noqa: S608
        f"UPDATE {table} SET manager_id = link.manager_id, provenance = {document}, updated = %s "
        f"FROM link WHERE {table}.id = link.user_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*chain.from_iterable(rows), now])


def is_postgresql() -> bool:
    """Whether the directory is kept in PostgreSQL, which has a type of its own for JSON."""
    return connection.vendor == "postgresql"
