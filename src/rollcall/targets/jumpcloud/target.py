"""A JumpCloud organization as a directory that imports write to."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from rollcall.audit.actor import Actor
from rollcall.provisioning.change import Change, Kind
from rollcall.provisioning.user import State, User
from rollcall.targets.base import Access, Journal, Link
from rollcall.targets.groups import Groups
from rollcall.targets.jumpcloud import organization, updating
from rollcall.targets.jumpcloud import users as people
from rollcall.targets.jumpcloud.account import Account
from rollcall.targets.jumpcloud.creating import Creating
from rollcall.targets.jumpcloud.groups import CloudGroups
from rollcall.targets.jumpcloud.http import Wire
from rollcall.targets.jumpcloud.identifiers import Identifiers
from rollcall.targets.jumpcloud.identity import Identity
from rollcall.targets.jumpcloud.jobs import Jobs
from rollcall.targets.jumpcloud.kept_users import KeptUsers
from rollcall.targets.jumpcloud.pace import Pace
from rollcall.targets.jumpcloud.payloads import employee_of, gives_identity
from rollcall.targets.jumpcloud.recorded_groups import RecordedGroups
from rollcall.targets.jumpcloud.responses import text_of
from rollcall.targets.jumpcloud.updating import Updating


class JumpCloudTarget:
    """The port's verbs over JumpCloud's API (v1 for reads and single calls, v2 for bulk).

        with JumpCloudTarget(Account.of(values)) as directory:
            directory.check()

    `identity` says where users carry the ids of the account that they come from. `actor` is whom
    our events name where user groups are changed; None records nothing. `requests` counts what was
    sent. May be used by several threads.
    """

    batch_size = 100

    def __init__(
        self,
        account: Account,
        *,
        identity: Identity | None = None,
        pace: Pace | None = None,
        actor: Actor | None = None,
    ) -> None:
        self._account = account
        self._identity = identity or Identity()
        self._pace = pace or Pace()
        self._wire = Wire(account, self._pace)
        self._identifiers = Identifiers(self._wire)
        self._kept = KeptUsers()
        self._lock = threading.Lock()
        self._asked = False
        self._default: State | None = None
        groups = CloudGroups(self._wire)
        self.groups: Groups = RecordedGroups(groups, actor) if actor else groups

    @property
    def requests(self) -> int:
        """How many requests were sent so far, the repeated ones counted too."""
        return self._wire.requests

    def close(self) -> None:
        """Close the connections, and delete what was kept of the users."""
        self._kept.close()
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def check(self) -> Access:
        """Whether the organization can be reached and what the key may do; see `organization`."""
        return organization.check(self._wire, self._account, self._pace)

    def default_state(self) -> State:
        """The organization's default for application imports; staged where it names none."""
        return self._known_default() or State.STAGED

    def users(self) -> Iterator[User]:
        """Every user of the organization, once each, a few pages in memory at a time."""
        self._kept.close()
        self._kept = KeptUsers()
        return self._kept.keeping(
            self._identifiers.noting(people.everyone(self._wire, self._identity))
        )

    def users_of(self, user_ids: Sequence[str]) -> Iterator[User]:
        """These users, as `users` read them last."""
        return self._kept.of(user_ids)

    def apply(self, changes: Sequence[Change], journal: Journal) -> None:
        """Carry out one batch: its creates in one job, its updates in another (see the port)."""
        with self._wire.guarded(journal.prove):
            self._apply(changes, journal)

    def _apply(self, changes: Sequence[Change], journal: Journal) -> None:
        resumed = journal.begin()
        recorded = Jobs.of(journal.job())
        taken = self._taken(changes)
        creates = [change for change in changes if change.kind is Kind.CREATE]
        if creates:
            creating = Creating(self._wire, self._identity, taken, self._known_default())
            creating.carry_out(creates, journal, recorded, resumed)
        updates = [change for change in changes if change.kind is not Kind.CREATE]
        Updating(self._wire, self._identity, taken).carry_out(updates, journal, recorded)

    def link_managers(self, links: Sequence[Link], journal: Journal) -> None:
        """Set or clear managers in one job; only failures are recorded (see the port)."""
        journal.begin()
        with self._wire.guarded(journal.prove):
            updating.link(self._wire, links, journal, Jobs.of(journal.job()))

    def _taken(self, changes: Sequence[Change]) -> frozenset[str]:
        """The employee identifiers among those to be given out that somebody has."""
        if not self._identity.in_identifier:
            return frozenset()
        return self._identifiers.taken(
            [employee_of(change) for change in changes if gives_identity(change)]
        )

    def _known_default(self) -> State | None:
        # Batches run in several threads, and the first of them asks for all.
        with self._lock:
            if not self._asked:
                chosen = self._account.organization_id or text_of(
                    organization.find(self._wire, self._account), "_id", "id"
                )
                self._default = organization.default_state(self._wire, chosen)
                self._asked = True
            return self._default
