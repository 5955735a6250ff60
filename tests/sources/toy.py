"""A source that nobody sells: a handful of people in the account itself, as a list of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from rollcall.core.account_fields import AccountField, FieldType
from rollcall.provisioning.employee import Employee, Status, Supervisor
from rollcall.sources.base import Page, Readable, SourceKind, Summary, account_key
from rollcall.sources.errors import CredentialsRefused, SettingsError


@dataclass(frozen=True)
class ToyAccount:
    """A club and its members: `number;first name;last name;e-mail;word;number of the boss`."""

    club: str
    password: str
    members: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The club."""
        return account_key("toy", self.club)

    @property
    def address(self) -> str:
        """The club."""
        return self.club


class ToyReading:
    """One page with everybody."""

    def __init__(self, employees: tuple[Employee, ...]) -> None:
        self._employees = employees
        self.taken = False

    def __iter__(self) -> Iterator[Page]:
        yield Page(self._employees, 0, len(self._employees))
        self.taken = True

    @property
    def summary(self) -> Summary:
        """A complete read."""
        assert self.taken
        return Summary(len(self._employees), len(self._employees), complete=True)


class ToySource:
    """The club's register."""

    def __init__(self, account: ToyAccount) -> None:
        self._account = account
        self.requests = 0

    def check(self, needed: Sequence[str]) -> Readable:
        """The password is always `open sesame`."""
        self.requests += 1
        if self._account.password != "open sesame":
            raise CredentialsRefused("the club does not know this password; ask its treasurer")
        known = frozenset(field.name for field in fields(Employee))
        return Readable(known, tuple(name for name in needed if name not in known))

    def employees(self, attributes: Sequence[str]) -> ToyReading:
        """Everybody at once."""
        self.requests += 1
        return ToyReading(tuple(map(member, self._account.members)))

    def close(self) -> None:
        """Nothing is open."""


def member(row: str) -> Employee:
    """The member in this row."""
    number, first, last, email, word, boss = row.split(";")
    supervisor = Supervisor(boss) if boss else None
    return Employee(number, first, last, email, word, supervisor=supervisor)


def account(values: Mapping[str, str]) -> ToyAccount:
    """The account of these settings."""
    if not values.get("TOY_CLUB"):
        raise SettingsError("TOY_CLUB must be set: the name of the club", "TOY_CLUB")
    rows = tuple(filter(None, values.get("TOY_MEMBERS", "").splitlines()))
    return ToyAccount(values["TOY_CLUB"], values.get("TOY_PASSWORD", ""), rows)


def from_record(record: Mapping[str, Any]) -> ToyAccount:
    """The account that was kept; JSON knows no tuples."""
    return ToyAccount(record["club"], record["password"], tuple(record["members"]))


KIND = SourceKind(
    key="toy",
    label="Toy club",
    fields=(
        AccountField("club", "TOY_CLUB", "Club"),
        AccountField("password", "TOY_PASSWORD", "Password", FieldType.SECRET),
        AccountField("members", "TOY_MEMBERS", "Members", required=False, advanced=True),
    ),
    account=account,
    to_record=asdict,
    from_record=from_record,
    open=ToySource,
    attributes=frozenset({"id", "first_name", "last_name", "email", "status", "supervisor"}),
    statuses={"member": Status.ACTIVE, "gone": Status.INACTIVE},
    is_scheduled=False,
)
