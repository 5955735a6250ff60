"""What concerns an import as a whole: people listed twice, unknown words, attributes left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from rollcall.core.text import clean, cut
from rollcall.provisioning.employee import Employee
from rollcall.provisioning.employee_ids import MAX_ID_LENGTH, id_order, named
from rollcall.provisioning.lifecycle import is_unknown_word, status_word
from rollcall.provisioning.numbering import NONE
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.roster import Roster
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.user import State


def distinct(everyone: Iterable[Employee]) -> tuple[list[Employee], list[str]]:
    """Each employee once, and the ids that came more than once.

    Of several records with one id the one modified last is taken, by content where that is equal.
    """
    kept: dict[str, Employee] = {}
    repeated: set[str] = set()
    for employee in everyone:
        other = kept.get(employee.id)
        if other is not None:
            repeated.add(employee.id)
            # By content where the moments are equal, so that the plan does not depend on the pages'
            # order.
            employee = max(employee, other, key=lambda either: (_modified(either), repr(either)))
        kept[employee.id] = employee
    return list(kept.values()), sorted(repeated, key=id_order)


def _modified(employee: Employee) -> str:
    moment = employee.last_modified
    return moment.isoformat() if isinstance(moment, datetime) else ""


def plan_warnings(
    roster: Roster, unseen: Iterable[str], rules: Rules, repeated: Sequence[str] = ()
) -> tuple[Reason, ...]:
    """The warnings of a plan for everybody in the roster.

    `unseen` are the attributes that no record carried, `repeated` the ids that came more than once.
    """
    warnings: list[Reason] = []
    if not rules.complete:
        warnings.append(Reason("incomplete_read"))
    if repeated:
        ids = [cut(clean(employee_id), MAX_ID_LENGTH) for employee_id in repeated]
        params = {"count": str(len(ids)), "employees": named(ids)}
        warnings.append(Reason("repeated_employees", params))
    warnings += _unknown_words(roster)
    # Nobody carries anything where nobody was read, and that is told in words of its own.
    if len(roster):
        warnings += [Reason("attribute_unknown", {"attribute": source}) for source in unseen]
    if rules.complete:
        warnings += _left_behind(roster)
    return tuple(warnings)


def _unknown_words(roster: Roster) -> list[Reason]:
    words: Counter[str] = Counter()
    for status, count in roster.statuses.items():
        words[status_word(status)] += count
    return [
        Reason("unknown_status_word", {"status": word, "count": str(words[word])})
        for word in sorted(words)
        if is_unknown_word(word)
    ]


def _left_behind(roster: Roster) -> list[Reason]:
    """Users whose employee was deleted in the source; nobody tells of them, so somebody should."""
    index = roster.index
    count = sum(
        index.state(user) is not State.SUSPENDED
        and roster.ids.find(index.external_id(user)) == NONE
        for user in index.linked()
    )
    return [Reason("users_without_employee", {"count": str(count)})] if count else []
