"""Which of a user's fields the next import fills: by the mapping that it will follow, no other."""

from __future__ import annotations

from collections.abc import Collection

from rollcall.imports.errors import Unfit
from rollcall.imports.models import Connection, Run, RunState
from rollcall.imports.open_targets import BUILTIN
from rollcall.imports.options import Options


def filled_by_the_next_import(account_keys: Collection[str]) -> frozenset[str]:
    """The directory's fields that imports of these accounts write (`user` fields, `attributes.…`).

    A scheduled import follows what its connection keeps; any other one is expected to be asked for
    as the newest one was that wrote this directory.
    """
    return frozenset().union(*(_filled_from(key) for key in account_keys))


def _filled_from(account_key: str) -> frozenset[str]:
    try:
        mapping = _next_options(account_key).mapping()
    except Unfit:
        return frozenset()  # an import with these options ends before it writes anything
    return frozenset(rule.target for rule in mapping.rules)


def _next_options(account_key: str) -> Options:
    connections = Connection.objects.filter(key=account_key, target=BUILTIN).order_by("pk")
    if scheduled := connections.exclude(schedule=Connection.Schedule.NEVER.value).first():
        return Options.from_record(scheduled.options)
    runs = Run.objects.filter(connection__in=connections, state=RunState.COMPLETED)
    last = runs.order_by("-number").first() or connections.first()
    return Options.from_record(last.options if last else {})
