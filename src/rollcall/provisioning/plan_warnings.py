"""What concerns an import as a whole: unknown words, attributes left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rollcall.core.lookalikes import lookalike
from rollcall.provisioning.employee_ids import named
from rollcall.provisioning.lifecycle import is_unknown_word, status_word
from rollcall.provisioning.numbering import NONE
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.roster import Roster
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.user import State

MOST_LOOKALIKES = 20
"""How many pairs of e-mails that look alike a plan names."""


def plan_warnings(
    roster: Roster, unseen: Iterable[str], rules: Rules, erased: Sequence[str] = ()
) -> tuple[Reason, ...]:
    """The warnings of a plan for everybody in the roster.

    `unseen` are the attributes that no record carried, `erased` the ids of people who get no user
    because they were erased.
    """
    warnings: list[Reason] = []
    if not rules.complete:
        warnings.append(Reason("incomplete_read"))
    if erased:
        params = {"count": str(len(erased)), "employees": named(erased)}
        warnings.append(Reason("erased_listed", params))
    warnings += _unknown_words(roster)
    warnings += _lookalikes(roster)
    # Nobody carries anything where nobody was read, and that is told in words of its own.
    if len(roster):
        warnings += [Reason("attribute_unknown", {"attribute": source}) for source in unseen]
    # Whom an incomplete read does not list may be there all the same.
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


def _lookalikes(roster: Roster) -> list[Reason]:
    """E-mails that are new to the directory and that people would take for another one."""
    foreign: dict[str, str] = {}
    pairs: list[Reason] = []
    for email in roster.emails.beyond_ascii():
        form = lookalike(email)
        # The first that looks like this, then the plain one that both look like.
        twin = foreign.setdefault(form, email)
        if twin == email:
            twin = form if roster.emails.find(form) != NONE else email
        new = NONE in (roster.index.emails.find(email), roster.index.emails.find(twin))
        if twin != email and new:
            pairs.append(Reason("lookalike_emails", {"value": email, "other": twin}))
    return pairs[:MOST_LOOKALIKES]


def _left_behind(roster: Roster) -> list[Reason]:
    """Users whose employee was deleted in the source; nobody tells of them, so somebody should."""
    index = roster.index
    count = sum(
        index.state(user) is not State.SUSPENDED
        and roster.ids.find(index.external_id(user)) == NONE
        for user in index.linked()
    )
    return [Reason("users_without_employee", {"count": str(count)})] if count else []
