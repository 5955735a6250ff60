"""What is asked of a password: settings, facts and the password in, what is wrong with it out.

Pure; `password_policies` knows which settings hold for whom, `password_check` collects the facts.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

SHORTEST: Final = 8
LONGEST: Final = 64
"""Between these an administrator chooses the least length (JumpCloud: Password Settings)."""

MOST: Final = 1024
"""Characters a password has at the most: hashing more would be somebody else's work."""

MOST_REMEMBERED: Final = 24
"""How many earlier passwords can be refused (JumpCloud's `maxHistory`)."""

SHORTEST_NAME: Final = 4
"""A shorter name or part of one is found in too many words to refuse them for it."""

RUN: Final = 4
"""So many characters that follow each other, or are the same, are a run."""


class Failure(enum.StrEnum):
    """What is wrong with a password."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_LOWERCASE = "no_lowercase"
    NO_UPPERCASE = "no_uppercase"
    NO_DIGIT = "no_digit"
    NO_SYMBOL = "no_symbol"
    ONLY_DIGITS = "only_digits"
    COMMON = "common"
    HOLDS_NAME = "holds_name"
    RUN = "run"
    USED_BEFORE = "used_before"


@dataclass(frozen=True, slots=True)
class PasswordSettings:
    """What an organization asks of a password.

    `history` counts the earlier passwords that are refused beside the present one; 0 refuses none
    of them, nor the present one. `refuses_names`: JumpCloud calls it Originality.
    """

    min_length: int = 12
    needs_lowercase: bool = False
    needs_uppercase: bool = False
    needs_digit: bool = False
    needs_symbol: bool = False
    refuses_common: bool = True
    refuses_names: bool = True
    refuses_runs: bool = False
    history: int = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a password and its owner beside the password itself.

    `names` are the owner's name, e-mail and username; `resembles_name` says that one of them is
    nearly the password, `is_common` that a list of common ones has it, `used_before` that it is one
    of the owner's remembered ones.
    """

    names: tuple[str, ...] = ()
    resembles_name: bool = False
    is_common: bool = False
    used_before: bool = False


def failures(settings: PasswordSettings, facts: Facts, password: str) -> tuple[Failure, ...]:
    """All that is wrong with this password; nothing where it may be taken."""
    found = {
        Failure.TOO_SHORT: len(password) < settings.min_length,
        Failure.TOO_LONG: len(password) > MOST,
        Failure.NO_LOWERCASE: settings.needs_lowercase and not any(map(str.islower, password)),
        Failure.NO_UPPERCASE: settings.needs_uppercase and not any(map(str.isupper, password)),
        Failure.NO_DIGIT: settings.needs_digit and not any(map(str.isdigit, password)),
        Failure.NO_SYMBOL: settings.needs_symbol and not any(map(_is_symbol, password)),
        # Whatever the settings say: dates and telephone numbers are guessed first.
        Failure.ONLY_DIGITS: password.isdigit(),
        Failure.COMMON: settings.refuses_common and facts.is_common,
        Failure.HOLDS_NAME: settings.refuses_names and _holds_name(facts, password),
        Failure.RUN: settings.refuses_runs and _has_run(password),
        Failure.USED_BEFORE: settings.history > 0 and facts.used_before,
    }
    return tuple(failure for failure, holds in found.items() if holds)


def _is_symbol(character: str) -> bool:
    return not character.isalnum() and not character.isspace()


def _holds_name(facts: Facts, password: str) -> bool:
    folded = password.casefold()
    return facts.resembles_name or any(part in folded for part in _parts(facts.names))


def _parts(names: tuple[str, ...]) -> set[str]:
    """Each name whole, an e-mail also up to its @, and none that is too short to count."""
    folded = {name.casefold().strip() for name in names}
    parts = folded | {name.partition("@")[0] for name in folded}
    return {part for part in parts if len(part) >= SHORTEST_NAME}


def _has_run(password: str) -> bool:
    """Whether it holds `aaaa`, `abcd` or `4321`."""
    folded = password.casefold()
    steps = [ord(after) - ord(before) for before, after in pairwise(folded)]
    return any(
        steps[start] in (-1, 0, 1) and len(set(steps[start : start + RUN - 1])) == 1
        for start in range(len(steps) - RUN + 2)
    )
