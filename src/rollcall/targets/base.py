"""The face of a target: what an import asks of a directory, whichever directory it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from rollcall.audit.actor import Actor
from rollcall.core.account_fields import AccountField
from rollcall.provisioning.change import Change, Outcome
from rollcall.provisioning.mapping import DEFAULT_MAPPING, AttributeMapping
from rollcall.provisioning.user import State, User
from rollcall.targets.groups import Groups


@dataclass(frozen=True, slots=True)
class Access:
    """What a directory says of itself and of what Rollcall may do there.

    `name` is the organization's display name. `may_write` is False for a read-only key.
    `username_length` is to how many characters usernames are made there; None where the directory
    leaves that to Rollcall's own setting.
    """

    name: str
    organization_id: str
    may_write: bool
    username_length: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A manager to set on a user in the second pass; `manager_id` None takes the manager away.

    `seen` is the manager whom the plan saw, in a tuple of one, where it has to be that one still.
    """

    employee_id: str
    user_id: str
    manager_id: str | None
    seen: tuple[str | None] | None = None


class Journal(Protocol):
    """Where a directory writes down one batch's progress as it makes it; the run keeps it.

    What is recorded survives the process. A directory that writes in the run's own database
    records outcomes in the transaction that writes the users.
    """

    def begin(self) -> bool:
        """Note that this batch is about to be sent; True when an earlier attempt noted it too."""
        ...

    def job(self) -> str | None:
        """The directory's id of the job that carries this batch, if one was recorded."""
        ...

    def record_job(self, job: str) -> None:
        """Write down the id of the job that carries this batch, before it is waited for."""
        ...

    def prove(self) -> None:
        """Stop here if the run is somebody else's by now; asked right before each call that writes.

        A directory that writes in the run's own database proves it by recording.
        """
        ...

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Write down how these employees came out; once for each employee of the batch."""
        ...


class Target(Protocol):
    """A directory that an import can write to.

    Every verb may raise `TargetRefused` (wrong key, missing right: nothing will help but
    another setting) or `TargetUnreachable` (no answer after all retries). What goes wrong for
    one user is that employee's outcome, never an exception.
    """

    batch_size: int
    """How many changes `apply` takes at once, at the most."""

    @property
    def requests(self) -> int:
        """How many requests were sent over the network so far, repeated tries included."""
        ...

    @property
    def groups(self) -> Groups:
        """The user groups of the organization."""
        ...

    def close(self) -> None:
        """Let go of what is open; the directory is not asked again."""
        ...

    def check(self) -> Access:
        """Whether the directory can be reached and what the credentials may do there."""
        ...

    def default_state(self) -> State:
        """The state that the organization gives to users made by application imports."""
        ...

    def users(self) -> Iterator[User]:
        """Every user of the organization, once each, with the fields that planning compares."""
        ...

    def users_of(self, user_ids: Sequence[str]) -> Iterator[User]:
        """These of the users that `users` gave, once more and without asking the network again.

        One who is gone by now may be left out.
        """
        ...

    def apply(self, changes: Sequence[Change], journal: Journal) -> None:
        """Carry out these changes (all but their managers) and record every outcome.

        All changes are of one wave and of kinds in `WRITING`. Safe to call again for a batch
        that an earlier process left half done.
        """
        ...

    def link_managers(self, links: Sequence[Link], journal: Journal) -> None:
        """Set or clear the managers of users; records an outcome only for links that failed."""
        ...


@dataclass(frozen=True, slots=True)
class Origin:
    """Where what is to be written comes from.

    `source` is the key of the connected account, whose employees' ids the users carry; empty where
    nothing is imported. `mapping` is the attribute mapping that the import follows. `actor` is who
    writes, for a target that records events itself; None is the import.
    """

    source: str = ""
    mapping: AttributeMapping = DEFAULT_MAPPING
    actor: Actor | None = None


A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class TargetKind(Generic[A]):
    """A kind of target: how its account is described, made and opened.

    `account` makes the account of settings by their variables (and raises `TargetRefused` for an
    address that is none); `lacks` says what has to be set before it can be opened, "" where
    nothing is missing. `fields` are empty where there is no account to have.
    """

    key: str
    label: str
    account: Callable[[Mapping[str, str]], A]
    open: Callable[[A, Origin], Target]
    fields: tuple[AccountField, ...] = ()
    lacks: Callable[[A], str] = lambda _: ""
