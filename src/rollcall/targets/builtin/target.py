"""The built-in directory behind the port: batches of changes as a few statements each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import DatabaseError, OperationalError, ProgrammingError, connection, transaction
from django.utils import timezone

from rollcall.directory.models import Organization, User
from rollcall.provisioning import user as nouns
from rollcall.provisioning.change import Change, Kind
from rollcall.provisioning.user import State
from rollcall.targets.base import Access, Journal, Link
from rollcall.targets.builtin import user_mapping
from rollcall.targets.builtin.batches import CUSTOM_INTEGRATION, Batch, write_apart, write_together
from rollcall.targets.builtin.conflicts import concerns_a_value
from rollcall.targets.builtin.groups import BuiltinGroups
from rollcall.targets.builtin.managers import write_links
from rollcall.targets.errors import TargetUnreachable


class BuiltinTarget:
    """Our own directory, in the database that the runs are kept in.

    `source` names where the employees come from; a user carries an employee of that source by its
    external identity. `creation_source` is what new users are marked with.
    """

    batch_size = 2000
    requests = 0  # it is our own database: nothing goes over the network

    def __init__(self, source: str = "personio", creation_source: str = CUSTOM_INTEGRATION) -> None:
        self.source = source
        self.creation_source = creation_source
        self.groups = BuiltinGroups()

    def close(self) -> None:
        """Nothing is kept open: the database is the run's own."""

    def check(self) -> Access:
        """The organization's name; whoever reaches the database may write.

        Raises:
            TargetUnreachable: the database does not answer or has not been set up.
        """
        try:
            organization = Organization.the()
        except (OperationalError, ProgrammingError):
            raise TargetUnreachable("the database of the directory does not answer") from None
        return Access(organization.displayName, organization.id, may_write=True)

    def default_state(self) -> State:
        """The state of users made by application imports."""
        return State(Organization.the().applicationImport)

    def users(self) -> Iterator[nouns.User]:
        """Every user, streamed."""
        found = User.objects.order_by("id").values_list(*user_mapping.COLUMNS)
        words: dict[str, str] = {}
        for row in found.iterator(chunk_size=2000):
            yield user_mapping.to_user(row, self.source, words)

    def apply(self, changes: Sequence[Change], journal: Journal) -> None:
        """Carry out the changes and record their outcomes in one transaction."""
        batch = Batch(
            source=self.source,
            creation_source=self.creation_source,
            default_state=self._state_of_new(changes),
            now=timezone.now(),
        )
        try:
            with transaction.atomic():
                journal.record(write_together(changes, batch))
        except (DatabaseError, ValueError) as error:
            if not concerns_a_value(error):
                raise
            with transaction.atomic():
                journal.record(write_apart(changes, batch))

    def _state_of_new(self, changes: Sequence[Change]) -> State:
        """The organization's own default, read only where a new user's change names no state."""
        created = (change for change in changes if change.kind is Kind.CREATE)
        if all(any(one.field == "state" for one in change.fields) for change in created):
            return State.STAGED
        return self.default_state()

    def link_managers(self, links: Sequence[Link], journal: Journal) -> None:
        """Set or clear managers and record the links that failed in one transaction."""
        # SQLite would write every index entry of a user anew only because its table refers to
        # itself; both ends of each link are there: `write_links` has looked, in this transaction
        with connection.constraint_checks_disabled(), transaction.atomic():
            failed = write_links(links, self.source)
            # Recorded even where nothing failed: it proves that the run is still ours to write.
            journal.record(failed)
