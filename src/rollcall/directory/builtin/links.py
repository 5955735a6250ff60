"""Writes manager links: one statement for a batch, whatever its size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection
from django.utils import timezone

from rollcall.directory.builtin.models import User
from rollcall.directory.port import Link
from rollcall.provisioning.change import Outcome, Result
from rollcall.provisioning.reason import Reason


def write_links(links: Sequence[Link]) -> list[Outcome]:
    """Set or clear the managers in the caller's transaction; outcomes of the failed links only."""
    wanted = {link.user_id for link in links} | {link.manager_id for link in links}
    managers = dict(
        User.objects.select_for_update(no_key=True)
        .filter(id__in=[one for one in wanted if one])
        .order_by("id")
        .values_list("id", "manager_id")
    )
    failed: list[Outcome] = []
    pairs: list[tuple[str, str | None]] = []
    for link in links:
        if code := _fault(link, managers):
            error = Reason(code)
            failed.append(Outcome(link.employee_id, Result.FAILED, link.user_id, error))
        elif managers[link.user_id] != link.manager_id:
            pairs.append((link.user_id, link.manager_id))
    _set_managers(pairs)
    return failed


def _fault(link: Link, managers: Mapping[str, str | None]) -> str | None:
    if link.user_id not in managers:
        return "user_gone"
    if link.manager_id == link.user_id:
        return "own_manager"
    if link.manager_id and link.manager_id not in managers:
        return "manager_gone"
    return None


def _set_managers(pairs: Sequence[tuple[str, str | None]]) -> None:
    if not pairs:
        return
    table = User._meta.db_table
    # the ORM would spell this as a CASE of one branch a user, which costs the batch's square
    statement = (
        f"WITH link (user_id, manager_id) AS (VALUES {', '.join(['(%s, %s)'] * len(pairs))}) "  # noqa: S608
        f"UPDATE {table} SET manager_id = link.manager_id, updated = %s "
        f"FROM link WHERE {table}.id = link.user_id"
    )
    values = [value for pair in pairs for value in pair]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, timezone.now()])
