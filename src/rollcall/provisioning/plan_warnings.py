"""What concerns an import as a whole: people listed twice, unknown words, attributes left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rollcall.core.text import clean, cut
from rollcall.provisioning.desired_user import Wanted
from rollcall.provisioning.employee_ids import MAX_ID_LENGTH, id_order, named
from rollcall.provisioning.lifecycle import is_unknown_word, status_word
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.user import DirectoryIndex, State


def distinct(everyone: Iterable[Wanted]) -> tuple[list[Wanted], list[str]]:
    """Each employee once, in the order of their ids, and the ids that came more than once.

    Of several records with one id the one modified last is taken, by content where that is equal.
    """
    kept: dict[str, Wanted] = {}
    repeated: set[str] = set()
    for one in everyone:
        other = kept.get(one.id)
        if other is not None:
            repeated.add(one.id)
            one = max(one, other, key=lambda either: (either.modified, repr(either)))
        kept[one.id] = one
    people = sorted(kept.values(), key=lambda one: id_order(one.id))
    return people, sorted(repeated, key=id_order)


def notices(
    people: Sequence[Wanted],
    repeated: Sequence[str],
    unseen: Iterable[str],
    index: DirectoryIndex,
    rules: Rules,
) -> tuple[Reason, ...]:
    """The warnings of a plan; `unseen` are the attributes that no record carried."""
    found: list[Reason] = []
    if not rules.complete:
        found.append(Reason("incomplete_read"))
    if repeated:
        ids = [cut(clean(one), MAX_ID_LENGTH) for one in repeated]
        params = {"count": str(len(ids)), "employees": named(ids)}
        found.append(Reason("repeated_employees", params))
    found += _unknown_words(people)
    if people:
        found += [Reason("attribute_unknown", {"attribute": source}) for source in unseen]
    if rules.complete:
        found += _left_behind(people, index)
    return tuple(found)


def _unknown_words(people: Sequence[Wanted]) -> list[Reason]:
    words = Counter(status_word(one.status) for one in people)
    return [
        Reason("unknown_status_word", {"status": word, "count": str(words[word])})
        for word in sorted(words)
        if is_unknown_word(word)
    ]


def _left_behind(people: Sequence[Wanted], index: DirectoryIndex) -> list[Reason]:
    """Users whose employee was deleted in Personio; nobody tells of them, so somebody should."""
    listed = {one.id for one in people}
    count = sum(
        user.state is not State.SUSPENDED
        for employee_id, users in index.by_external_id.items()
        if employee_id not in listed
        for user in users
    )
    return [Reason("users_without_employee", {"count": str(count)})] if count else []
