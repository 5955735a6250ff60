"""The texts of a user: each is declared here, once, with what the other rooms ask about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, get_type_hints

from rollcall.core.refusal import gettext_noop


@dataclass(frozen=True, slots=True)
class Text:
    """What there is to know about one text of a user.

    `label` is what people call it, in English. `limit` is in characters. `of_work` says that it is
    about the user's work: lists can show it, and many users have the same. `filtered` says that
    lists filter by it, for which the database has an index. `scim` is where a SCIM resource has it,
    by the names of `scim2_models`; empty where the standard knows no such thing. `jumpcloud` says
    that the users of JumpCloud's cloud have it: otherwise a custom attribute there stands in.
    """

    label: str
    limit: int = 1024
    of_work: bool = False
    filtered: bool = False
    scim: str = ""
    jumpcloud: bool = True


_ = gettext_noop


@dataclass(frozen=True, slots=True)
class UserTexts:
    """The texts that may be empty and need not be unique, in the order of lists."""

    firstname: Annotated[str, Text(_("First name"), scim="name.given_name")] = ""
    lastname: Annotated[str, Text(_("Last name"), scim="name.family_name")] = ""
    middlename: Annotated[str, Text(_("Middle name"), scim="name.middle_name")] = ""
    displayname: Annotated[str, Text(_("Display name"), scim="display_name")] = ""
    jobTitle: Annotated[str, Text(_("Job title"), of_work=True, scim="title")] = ""
    department: Annotated[
        str, Text(_("Department"), of_work=True, filtered=True, scim="enterprise.department")
    ] = ""
    company: Annotated[
        str, Text(_("Company"), of_work=True, filtered=True, scim="enterprise.organization")
    ] = ""
    location: Annotated[str, Text(_("Location"), of_work=True, filtered=True)] = ""
    costCenter: Annotated[
        str, Text(_("Cost center"), of_work=True, scim="enterprise.cost_center")
    ] = ""
    employeeType: Annotated[str, Text(_("Employee type"), of_work=True, scim="user_type")] = ""
    description: Annotated[str, Text(_("Description"))] = ""


def _declared() -> Iterator[tuple[str, Text]]:
    # Declared in the types and not in a table beside them, so that no field can be in one alone.
    for name, hint in get_type_hints(UserTexts, include_extras=True).items():
        yield name, hint.__metadata__[0]


TEXTS: Final[Mapping[str, Text]] = dict(_declared())
"""By the directory's name of each, which our API has too."""

OF_WORK: Final = tuple(name for name, text in TEXTS.items() if text.of_work)
FILTERED: Final = tuple(name for name, text in TEXTS.items() if text.filtered)
