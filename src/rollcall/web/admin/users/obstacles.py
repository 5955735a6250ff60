"""Why a user was not activated, in the reader's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from django.utils.translation import gettext, ngettext

from rollcall.accounts.holders import Obstacle
from rollcall.web.shell.text.numbers import told


def sentence(obstacle: Obstacle) -> str:
    """Why one user, who is on screen, is not activated."""
    match obstacle:
        case Obstacle.GONE:
            return gettext("The user has been deleted meanwhile.")
        case Obstacle.SUSPENDED:
            return gettext("The user is suspended. Reactivate them first.")
        case Obstacle.HAS_PASSWORD:
            return gettext("The user has a password already.")
        case Obstacle.HELD_BY_ADMINISTRATOR:
            return gettext(
                "An administrator signs in with this e-mail. The user gets no account until that "
                "administrator signs in and accepts the link under Profile."
            )
        case Obstacle.ADMINISTRATOR:
            return gettext("This is an administrator's account: see Settings → Administrators.")
        case Obstacle.TAKEN:
            return gettext("Another account signs in with this e-mail.")
        case Obstacle.EMAIL_MALFORMED:
            return gettext("No e-mail can be sent to this user's address.")
    return gettext("The user has no such address.")


COUNTED: Final[Mapping[Obstacle, Callable[[int], str]]] = {
    Obstacle.SUSPENDED: lambda n: ngettext("{n} is suspended.", "{n} are suspended.", n),
    Obstacle.HAS_PASSWORD: lambda n: ngettext(
        "{n} has a password already.", "{n} have a password already.", n
    ),
    Obstacle.NO_ADDRESS: lambda n: ngettext(
        "{n} has no such address.", "{n} have no such address.", n
    ),
}


def counted(obstacles: Iterable[Obstacle]) -> Iterator[str]:
    """Why so many of the chosen users were not activated, a sentence for each reason."""
    for obstacle, n in Counter(obstacles).items():
        yield told(COUNTED.get(obstacle, _other)(n), n)


def _other(n: int) -> str:
    return ngettext(
        "{n} can have no account: the user's page says why.",
        "{n} can have no account: each user's page says why.",
        n,
    )
