"""Refusals of the directory's rules as the API says them: a status and a sentence for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from rollcall.api.jumpcloud.errors import ALREADY_EXISTS, NOT_FOUND, Problem
from rollcall.core.refusal import Refusal
from rollcall.directory.services import Refused

SENTENCES: Final[Mapping[str, str]] = {
    "required": "{field} is required",
    "too_long": "{field} is longer than {limit} characters",
    "invisible": "{field} has {character} as character {place}, which nobody sees",
    "email_malformed": "{field} “{value}” is not an e-mail address",
    "username_malformed": (
        "{field} “{value}” must start with a letter and have only letters, digits, '.', '_' and '-'"
    ),
    "unknown_user": "{field} is not the id of a user of this organization",
    "own_manager": "{field} is the user itself",
    "manager_circle": "{field} “{value}” is the id of somebody who reports to the user",
    "in_use": "{field} “{before}” cannot be changed while the user is bound to an application",
    "named_twice": "{field} has “{value}” twice",
    "never_staged": "state must be ACTIVATED or SUSPENDED: a user never returns to STAGED",
    "has_imports": "The application has imports on record and cannot be deleted",
}
"""What clients of the API have been told so far; other refusals speak for themselves."""

CONFLICTS: Final = frozenset({"taken", "has_imports"})


def problem_of(refused: Refused, taken: str = "") -> Problem:
    """The answer to a request that the directory refuses.

    404 for what is gone, 409 where values are only taken, 400 where one cannot be. `taken` is what
    to say of a taken value, `ALREADY_EXISTS` and the field where it is "".
    """
    # First of all: of what is gone, no other reason is of use.
    if "gone" in refused.codes:
        return Problem(404, NOT_FOUND)
    invalid = [refusal for refusal in refused.refusals if refusal.code not in CONFLICTS]
    if invalid:
        return Problem(400, *messages(invalid))
    return Problem(409, *(taken or sentence(refusal) for refusal in refused.refusals))


def messages(refusals: Iterable[Refusal]) -> list[str]:
    """A sentence for each refusal, in their order and each once."""
    return list(dict.fromkeys(sentence(refusal) for refusal in refusals))


def sentence(refusal: Refusal) -> str:
    """What is wrong, naming the field, and the value where it tells more than the field does."""
    if refusal.code == "taken":
        return f"{ALREADY_EXISTS}: another user has this {refusal.field}"
    if refusal.code in SENTENCES:
        return SENTENCES[refusal.code].format(
            field=refusal.field, value=refusal.value, **refusal.params
        )
    return refusal.text()
