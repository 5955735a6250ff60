"""Employees, users and rules of every kind, close enough together to get in each other's way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from rollcall.provisioning.employee import UNKNOWN, CostCenter, Employee, Supervisor
from rollcall.provisioning.mapping import DEFAULT_MAPPING, AttributeMapping, MappingRule
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.user import State, User

any_text = st.text(st.characters(exclude_categories=()), max_size=12)
"""Every code point there is, control characters and lone surrogates among them."""

absurd_text = st.builds(lambda text, times: text * times, any_text, st.integers(50, 400))

ids = st.one_of(
    st.integers(1, 8).map(str), st.sampled_from(["10", "007", "x-1", "", "a\x00b", "\ud800"])
)

emails = st.sampled_from(
    [
        *(f"mara{number}@example.org" for number in range(1, 7)),
        " MARA1@Example.org ",
        "jörg.groß@example.org",
        "山田@example.org",
        "no address",
        "",
    ]
)

identifiers = st.sampled_from(["A1", "A2", "A3", "A4", ""])


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, or empty, or left out."""
    return st.one_of(values, values, st.none(), st.just(UNKNOWN))


texts = maybe(st.one_of(any_text, st.sampled_from(["Sales", "<b>Sales</b>", "Zoë"]), absurd_text))

cost_centers = st.one_of(
    st.just(UNKNOWN),
    st.lists(st.builds(CostCenter, any_text, st.one_of(st.none(), st.floats())), max_size=4).map(
        tuple
    ),
)

statuses = maybe(
    st.one_of(
        st.sampled_from(["active", "onboarding", "inactive", "leave", "ACTIVE", "paused"]),
        st.sampled_from(["active", "inactive"]),
        any_text,
    )
)

employees = st.builds(
    Employee,
    id=ids,
    first_name=texts,
    last_name=texts,
    email=maybe(st.one_of(emails, emails, emails, any_text)),
    status=statuses,
    position=texts,
    supervisor=maybe(st.builds(Supervisor, ids, st.one_of(st.none(), emails))),
    employment_type=texts,
    subcompany=texts,
    office=texts,
    department=texts,
    cost_centers=cost_centers,
    hire_date=maybe(st.dates(date(1990, 1, 1), date(2040, 1, 1))),
    last_modified=maybe(st.just(datetime(2026, 11, 2, 8, tzinfo=UTC))),
    custom=st.dictionaries(
        st.sampled_from(["dynamic_1", "dynamic_2"]), st.one_of(st.none(), identifiers, any_text)
    ),
)
"""Records of every kind, few of them sensible."""

crowds = st.lists(employees, max_size=12, unique_by=lambda employee: employee.id)

WIDE_MAPPING = AttributeMapping(
    (
        *DEFAULT_MAPPING.rules,
        MappingRule("dynamic_1", "employeeIdentifier"),
        MappingRule("dynamic_2", "attributes.costObject"),
        MappingRule("hire_date", "attributes.hireDate"),
    )
)


@st.composite
def rules(draw: st.DrawFn, complete: bool | None = None) -> Rules:
    """Any rules, except that who is to be activated at the next import is made active at once."""
    activate_staged = draw(st.booleans())
    states = [State.ACTIVATED] if activate_staged else [State.STAGED, State.ACTIVATED]
    return Rules(
        mapping=draw(st.sampled_from([DEFAULT_MAPPING, WIDE_MAPPING])),
        default_state=draw(st.sampled_from(states)),
        reactivation_allowed=draw(st.booleans()),
        activate_staged=activate_staged,
        complete=draw(st.booleans()) if complete is None else complete,
    )


_users = st.builds(
    User,
    id=st.integers(1, 9).map(lambda number: f"{number:024x}"),
    username=st.sampled_from(["mara1", "Mara2", "mara12", "user", "joerg.gross", "x1", "x2", "x3"]),
    email=st.one_of(emails.filter(lambda text: "@" in text and text == text.strip()), emails),
    state=st.sampled_from(State),
    firstname=st.sampled_from(["", "Mara", " Mara"]),
    jobTitle=st.sampled_from(["", "Sales"]),
    department=st.sampled_from(["", "Sales"]),
    employeeIdentifier=st.sampled_from([None, "A1", "A2", "A3", "A4"]),
    manager=st.one_of(st.none(), st.integers(1, 9).map(lambda number: f"{number:024x}")),
    external_id=st.one_of(st.none(), st.sampled_from([*map(str, range(1, 9)), "99"])),
    attributes=st.dictionaries(st.just("costObject"), st.sampled_from(["", "A1"])),
)

_KEYS = (
    lambda one: one.id,
    lambda one: one.username.lower(),
    lambda one: one.email.strip().lower(),
    lambda one: one.employeeIdentifier or one.id,
    lambda one: one.external_id or one.id,
)

directories = st.lists(_users, max_size=9, unique_by=_KEYS)
"""Directories that keep their keys unique, as the built-in one does."""

careless_directories = st.lists(_users, max_size=9, unique_by=_KEYS[:2])
"""Directories in which several users may share an e-mail, an identifier, an employee id."""


@st.composite
def _tangle(draw: st.DrawFn) -> tuple[list[Employee], list[User]]:
    """Sensible people and users, of whom many want what another has."""
    size = draw(st.integers(2, 7))
    numbers = list(range(1, size + 1))
    wanted_emails = draw(st.permutations(numbers))
    wanted_identifiers = draw(st.permutations(numbers))
    mostly = st.sampled_from(["active", "active", "active", "inactive", None])
    people = [
        Employee(
            str(number),
            first_name="Mara",
            email=draw(st.sampled_from([f"mara{wanted}@example.org"] * 5 + [None, UNKNOWN])),
            status=draw(mostly),
            supervisor=draw(maybe(st.sampled_from(numbers).map(lambda one: Supervisor(str(one))))),
            custom={"dynamic_1": draw(st.sampled_from([f"A{identifier}"] * 5 + [""]))},
        )
        for number, wanted, identifier in zip(
            numbers, wanted_emails, wanted_identifiers, strict=True
        )
        if draw(st.integers(0, 5))
    ]
    users = [
        User(
            id=f"{number:024x}",
            username=f"mara{number}",
            email=f"Mara{number}@example.org",
            state=draw(st.sampled_from(State)),
            employeeIdentifier=draw(st.sampled_from([f"A{number}", f"A{number}", None])),
            manager=draw(st.sampled_from([None, *(f"{one:024x}" for one in numbers)])),
            external_id=draw(st.sampled_from([str(number)] * 3 + [None])),
        )
        for number in numbers
        if draw(st.integers(0, 5))
    ]
    return people, users


worlds = st.one_of(st.tuples(crowds, directories), _tangle())
"""What Personio and a directory with unique keys hold."""

careless_worlds = st.one_of(worlds, st.tuples(crowds, careless_directories))
"""The same, and directories whose keys are not unique."""
