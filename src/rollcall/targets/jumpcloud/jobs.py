"""Bulk jobs: sending a batch, waiting for its results, and which user each result is about."""

from __future__ import annotations

import enum
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rollcall.targets.jumpcloud.http import Wire
from rollcall.targets.jumpcloud.responses import (
    NotTheCloud,
    Record,
    Rejected,
    record_of,
    results_of,
    text_of,
)
from rollcall.targets.jumpcloud.users import PAGE

SOURCE: Final = {"creation-source": "jumpcloud:custom_integration"}
"""Makes new users take the default state of application imports (v2, POST bulk/users)."""

SUPPRESS: Final = {"suppressEmail": "true"}
"""No mail to the administrator for each job; mails to users are not affected."""

SUCCEEDED: Final = frozenset(
    {"finished", "success", "successful", "succeeded", "complete", "completed"}
    | {"created", "updated", "done", "ok", "200", "201"}
)
FAILED: Final = frozenset(
    {"failed", "failure", "error", "errored", "rejected", "invalid", "400", "409", "422"}
)


MOST_RESULTS: Final = 10
"""Results that a job may have for each user of it: one, and some more where it was repeated."""


class Word(enum.Enum):
    """What a result says of its user: JumpCloud documents no values for `status`."""

    SUCCEEDED = enum.auto()
    FAILED = enum.auto()
    PENDING = enum.auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the results say of one user: the word, the vendor's message, the user's id if given."""

    word: Word
    message: str = ""
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """One user of a batch as its results may name it: by any of these texts, in lower case."""

    key: str
    names: frozenset[str]

    @classmethod
    def of(cls, key: str, names: Iterable[str]) -> Sent:
        """The user of this key, with the names that are not empty."""
        return cls(key, frozenset(name.lower() for name in names if name))


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs that carry one batch, as the journal keeps them: `create:ID update:ID`.

    A long batch of updates goes in parts, one after the other: `update@200:ID` is the job of the
    part that begins at the 201st, and what is before that part is done.
    """

    ids: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, recorded: str | None) -> Jobs:
        """The jobs in what `text` wrote down."""
        pairs = (part.partition(":") for part in (recorded or "").split())
        return cls({verb: job for verb, _, job in pairs if job})

    def part(self) -> int:
        """Where the part of the updates begins that was sent last."""
        starts = (verb.partition("@")[2] for verb in self.ids if verb.startswith("update"))
        return next((int(start) for start in starts if start.isdecimal()), 0)

    def text(self) -> str:
        """The jobs as one short text."""
        return " ".join(f"{verb}:{job}" for verb, job in self.ids.items())


def create(wire: Wire, bodies: Sequence[object]) -> str:
    """Start the job that creates these users; never sent twice (raises as `Wire.once`)."""
    answer = wire.once("POST", "/api/v2/bulk/users", params=SUPPRESS, body=bodies, headers=SOURCE)
    return _job_of(record_of(answer))


def update(wire: Wire, bodies: Sequence[object]) -> str:
    """Start the job that updates these users; each body carries its user's `id`."""
    answer = wire.repeat("PATCH", "/api/v2/bulk/users", params=SUPPRESS, body=bodies)
    return _job_of(record_of(answer))


def verdicts(wire: Wire, job: str, sent: Sequence[Sent]) -> dict[str, Verdict]:
    """Wait for the job and read what it says of each user, by key.

    A user whom no result names is not in the answer, nor is anybody where JumpCloud no longer
    knows the job. The wait ends when every user, or as many results as users, have a final word,
    or when nothing new was heard for `Pace.patience` seconds, or after `Pace.most_polls`.
    """
    pace = wire.pace
    wait, most, heard = pace.first_poll, 0, time.monotonic()
    said: dict[str, Verdict] = {}
    for _ in range(pace.most_polls):
        wire.sleep(wait)
        try:
            results = _results(wire, job, sent)
        # A job that JumpCloud has forgotten is no failure: the users themselves are looked at
        # instead.
        except Rejected:
            return {}
        said = _attributed(results, sent)
        settled = sum(_word(result) is not Word.PENDING for result in results)
        # Patience is counted from the last news, and not from the start: a long job may be a busy
        # one.
        if settled > most:
            most, heard = settled, time.monotonic()
        if _is_over(said, len(results), settled, len(sent)):
            return said
        if time.monotonic() - heard >= pace.patience:
            return said
        wait = min(2 * wait, pace.longest_poll)
    return said


def _is_over(said: Mapping[str, Verdict], results: int, settled: int, sent: int) -> bool:
    named = len(said) == sent and all(verdict.word is not Word.PENDING for verdict in said.values())
    return named or sent <= settled == results


def _job_of(record: Record) -> str:
    if not (job := text_of(record, "jobId", "id")):
        raise NotTheCloud("JumpCloud answered a bulk request without the id of a job.")
    return job


def _results(wire: Wire, job: str, sent: Sequence[Sent]) -> list[Record]:
    results: list[Record] = []
    while True:
        params = {"limit": PAGE, "skip": len(results)}
        answer = wire.get(f"/api/v2/bulk/users/{job}/results", params)
        results += (page := results_of(answer))
        whole = len(page) < PAGE if answer.total is None else len(results) >= answer.total
        # the contract promises no total: a full last page should not cost another request
        if not page or whole or len(_attributed(results, sent)) == len(sent):
            return results
        if len(results) > MOST_RESULTS * len(sent) + PAGE:
            raise NotTheCloud("JumpCloud has more results of a bulk job than users were sent.")


def _attributed(results: Iterable[Record], sent: Sequence[Sent]) -> dict[str, Verdict]:
    # Results are not promised in any order, nor with the ids that were sent: only names lead back.
    owners = {name: user.key for user in sent for name in user.names}
    verdicts_by_key: dict[str, Verdict] = {}
    for result in results:
        named = _names(result)
        key = next((owners[name] for name in named if name in owners), None)
        if key is not None:
            user_id = _user_id(result)
            verdicts_by_key[key] = Verdict(_word(result), text_of(result, "statusMsg"), user_id)
    return verdicts_by_key


def _names(result: Record) -> list[str]:
    known = [
        part for key in ("persistedFields", "meta") if isinstance(part := result.get(key), dict)
    ]
    keys = ("_id", "id", "userId", "user_id", "email", "username")
    values = [text_of(part, key) for part in known for key in keys]
    return [value.lower() for value in (*values, text_of(result, "id")) if value]


def _user_id(result: Record) -> str:
    stored, meta = result.get("persistedFields"), result.get("meta")
    user_id = text_of(stored, "_id", "id") if isinstance(stored, dict) else ""
    return user_id or (text_of(meta, "userId", "user_id") if isinstance(meta, dict) else "")


def _word(result: Record) -> Word:
    word = text_of(result, "status").strip().lower()
    if word in SUCCEEDED:
        return Word.SUCCEEDED
    return Word.FAILED if word in FAILED else Word.PENDING
