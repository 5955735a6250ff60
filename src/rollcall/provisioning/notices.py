"""What concerns an import as a whole: people listed twice, unknown words, attributes left out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from rollcall.provisioning.employee import Employee, to_record
from rollcall.provisioning.identity import id_order, named
from rollcall.provisioning.lifecycle import is_unknown_word, status_word
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.user import DirectoryIndex, State
from rollcall.provisioning.values import clean, cut
from rollcall.provisioning.wanted import is_known


def distinct(employees: Iterable[Employee]) -> tuple[list[Employee], list[str]]:
    """Each employee once, in the order of their ids, and the ids that came more than once.

    Of several records with one id the one modified last is taken.
    """
    kept: dict[str, Employee] = {}
    repeated: set[str] = set()
    for one in employees:
        other = kept.get(one.id)
        if other is not None:
            repeated.add(one.id)
        kept[one.id] = one if other is None else max(one, other, key=_age)
    people = sorted(kept.values(), key=lambda one: id_order(one.id))
    return people, sorted(repeated, key=id_order)


def _age(employee: Employee) -> tuple[str, str]:
    """When the record was modified; its content decides where that is the same."""
    record = to_record(employee)
    return (record.get("last_modified") or "", json.dumps(record, sort_keys=True))


def notices(
    people: Sequence[Employee], repeated: list[str], index: DirectoryIndex, rules: Rules
) -> tuple[Reason, ...]:
    """The warnings of a plan."""
    found: list[Reason] = []
    if not rules.complete:
        found.append(Reason("incomplete_read"))
    if repeated:
        ids = [cut(clean(one), 64) for one in repeated[:10]]
        ids += repeated[10:]
        found.append(
            Reason("repeated_employees", {"count": str(len(repeated)), "employees": named(ids)})
        )
    found += _unknown_words(people)
    found += _unknown_attributes(people, rules)
    found += _left_behind(people, index, rules)
    return tuple(found)


def _unknown_words(people: Sequence[Employee]) -> list[Reason]:
    words = Counter(status_word(one.status) for one in people)
    return [
        Reason("unknown_status_word", {"status": word, "count": str(words[word])})
        for word in sorted(words)
        if is_unknown_word(word)
    ]


def _unknown_attributes(people: Sequence[Employee], rules: Rules) -> list[Reason]:
    sources = dict.fromkeys(rule.source for rule in rules.mapping.rules)
    return [
        Reason("attribute_unknown", {"attribute": source})
        for source in sources
        if people and not any(is_known(one, source) for one in people)
    ]


def _left_behind(people: Sequence[Employee], index: DirectoryIndex, rules: Rules) -> list[Reason]:
    """Users whose employee was deleted in Personio; nobody tells of them, so somebody should."""
    if not rules.complete:
        return []
    listed = {one.id for one in people}
    count = sum(
        user.state is not State.SUSPENDED
        for employee_id, users in index.by_external_id.items()
        if employee_id not in listed
        for user in users
    )
    return [Reason("users_without_employee", {"count": str(count)})] if count else []
