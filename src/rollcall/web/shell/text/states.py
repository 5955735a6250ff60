"""The sentences around activating and suspending users."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from rollcall.provisioning.user import State
from rollcall.web.shell.text.numbers import told


@dataclass(frozen=True)
class StateWords:
    """A state that users are brought to, and what is said before and after it."""

    state: State
    title: Callable[[int], str]
    yes: Callable[[], str]
    effect: Callable[[int], str]
    already: Callable[[int], str]
    done: Callable[[int], str]
    next_import: Callable[[], str]


# Functions and not texts: each request has its own language and number.
ACTIVATE = StateWords(
    State.ACTIVATED,
    title=lambda n: told(ngettext("Activate one user?", "Activate {n} users?", n), n),
    yes=lambda: gettext("Activate"),
    effect=lambda n: told(
        ngettext(
            "One user becomes Active and gets access to the applications of their groups.",
            "{n} users become Active and get access to the applications of their groups.",
            n,
        ),
        n,
    ),
    already=lambda n: told(
        ngettext("One is active already and stays so.", "{n} are active already and stay so.", n), n
    ),
    done=lambda n: told(ngettext("One user is active now.", "{n} users are active now.", n), n),
    next_import=lambda: gettext(
        "The next import suspends everybody again whose employee is inactive or on leave."
    ),
)
SUSPEND = StateWords(
    State.SUSPENDED,
    title=lambda n: told(ngettext("Suspend one user?", "Suspend {n} users?", n), n),
    yes=lambda: gettext("Suspend"),
    effect=lambda n: told(
        ngettext(
            "One user becomes Suspended and loses access to every application.",
            "{n} users become Suspended and lose access to every application.",
            n,
        ),
        n,
    ),
    already=lambda n: told(
        ngettext(
            "One is suspended already and stays so.", "{n} are suspended already and stay so.", n
        ),
        n,
    ),
    done=lambda n: told(
        ngettext("One user is suspended now.", "{n} users are suspended now.", n), n
    ),
    next_import=lambda: gettext(
        "Imports leave them suspended, unless they are allowed to reactivate people at work."
    ),
)
