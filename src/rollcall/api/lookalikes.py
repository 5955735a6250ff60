"""Twins told in answers: in a header, which every client survives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse

from rollcall.api.auth import actor_of
from rollcall.directory import lookalikes
from rollcall.directory.lookalikes import Twin
from rollcall.directory.models import User, UserGroup

HEADER: Final = "Warning"
"""RFC 7234, 5.5: 299 is a warning that stays. No newer standard has anything in its place."""

MOST_TOLD: Final = 10
"""Of how many a header tells, so that none is longer than clients take."""


def warn_of_emails(request: HttpRequest, users: Sequence[User], response: HttpResponse) -> None:
    """Say in the answer which of these users, just written, have an e-mail with a twin."""
    _tell(response, "email of user", lookalikes.report_emails(actor_of(request), users))


def warn_of_name(request: HttpRequest, group: UserGroup, response: HttpResponse) -> None:
    """Say in the answer whether this group, just written, has a name with a twin."""
    _tell(response, "name of group", lookalikes.report_group_names(actor_of(request), [group]))


def pass_on(warnings: Sequence[str], response: HttpResponse) -> None:
    """Say in the answer to a whole request what the answers to its parts warned of."""
    told = list(warnings[:MOST_TOLD])
    if len(warnings) > MOST_TOLD:
        told.append(f'299 rollcall "{len(warnings) - MOST_TOLD} more look like others"')
    if told:
        response[HEADER] = ", ".join(told)


def _tell(response: HttpResponse, what: str, twins: Mapping[str, Twin]) -> None:
    # By ids: a header holds ASCII alone, and a twin is what is not.
    told = [
        f'299 rollcall "{what} {id_} looks like that of {twin.id}, in other letters"'
        for id_, twin in twins.items()
    ]
    pass_on(told, response)
