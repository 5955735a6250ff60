"""The built-in directory behind the port: batches of changes as a few statements each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.db import OperationalError, ProgrammingError, transaction

from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.database.errors import may_pass
from rollcall.directory import services
from rollcall.directory.models import Organization, User, UserQuerySet
from rollcall.directory.services import ManagerChange, Refused
from rollcall.provisioning import user as nouns
from rollcall.provisioning.change import Change, Kind, Outcome, Result
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.user import State
from rollcall.targets.base import Access, Journal, Link
from rollcall.targets.builtin import user_mapping
from rollcall.targets.builtin.batches import CUSTOM_INTEGRATION, Batch, write
from rollcall.targets.builtin.groups import BuiltinGroups
from rollcall.targets.errors import TargetUnreachable

IMPORT: Final = Actor(Initiator.SYSTEM, Door.IMPORT, "import")
"""Who writes where nobody else is named."""

WHY_NOT_LINKED: Final = {
    "gone": "user_gone",
    "own_manager": "own_manager",
    "unknown_user": "manager_gone",
    "manager_circle": "manager_circle",
    "moved": "manager_moved_since",
}
"""How an import calls what the directory answers to a manager that it does not take."""


class BuiltinTarget:
    """Our own directory, in the database that the runs are kept in.

    `source` is the key of the account that the employees come from; a user carries an employee of
    it by an external identity. `creation_source` is what new users are marked with, `actor` whom
    the audit trail names.
    """

    # As many as one statement inserts (`bulk_insert`): larger batches would only hold locks longer.
    batch_size = 2000
    requests = 0  # it is our own database: nothing goes over the network

    def __init__(
        self,
        source: str,
        creation_source: str = CUSTOM_INTEGRATION,
        actor: Actor = IMPORT,
    ) -> None:
        self.source = source
        self.creation_source = creation_source
        self.actor = actor
        self.groups = BuiltinGroups(actor)
        self._default_state: State | None = None

    def close(self) -> None:
        """Nothing is kept open: the database is the run's own."""

    def check(self) -> Access:
        """The organization's name; whoever reaches the database may write.

        Raises:
            TargetUnreachable: the database has not been set up.
            DatabaseError: it cannot be used just now.
        """
        try:
            organization = Organization.the()
        except (OperationalError, ProgrammingError) as error:
            if may_pass(error):
                raise
            raise TargetUnreachable("the database of the directory is not set up") from None
        # A run is planned with the state that was set when it began, and asks for it once.
        self._default_state = State(organization.applicationImport)
        return Access(
            organization.displayName,
            organization.id,
            may_write=True,
            username_length=organization.username_length,
        )

    def default_state(self) -> State:
        """The state of users made by application imports."""
        return self._default_state or State(Organization.the().applicationImport)

    def users(self) -> Iterator[nouns.User]:
        """Every user, streamed."""
        return self._read(User.objects.order_by("id"))

    def users_of(self, user_ids: Sequence[str]) -> Iterator[nouns.User]:
        """These users, as they are now."""
        return self._read(User.objects.filter(id__in=user_ids)) if user_ids else iter(())

    def _read(self, users: UserQuerySet) -> Iterator[nouns.User]:
        rows = user_mapping.identified(users, self.source).values_list(*user_mapping.COLUMNS)
        return map(user_mapping.to_user, rows.iterator(chunk_size=2000))

    def apply(self, changes: Sequence[Change], journal: Journal) -> None:
        """Carry out the changes and record their outcomes in one transaction."""
        state = self._state_of_new(changes)
        batch = Batch(self.actor, self.source, self.creation_source, state)
        with transaction.atomic():
            journal.record(write(changes, batch))

    def _state_of_new(self, changes: Sequence[Change]) -> State:
        """The organization's own default, read only where a new user's change names no state."""
        created = (change for change in changes if change.kind is Kind.CREATE)
        if all(any(field.field == "state" for field in change.fields) for change in created):
            return State.STAGED
        return self.default_state()

    def link_managers(self, links: Sequence[Link], journal: Journal) -> None:
        """Set or clear managers and record the links that failed in one transaction."""
        changes = [ManagerChange(link.user_id, link.manager_id, link.seen) for link in links]
        with services.without_looking_after_references(), transaction.atomic():
            results = services.set_managers(self.actor, self.source, changes)
            failed = [
                _not_linked(link, refused)
                for link, refused in zip(links, results, strict=True)
                if refused is not None
            ]
            # Recorded even where nothing failed: it proves that the run is still ours to write.
            journal.record(failed)


def _not_linked(link: Link, refused: Refused) -> Outcome:
    [refusal] = refused.refusals
    result = Result.CONFLICT if refusal.code == "moved" else Result.FAILED
    reason = Reason(WHY_NOT_LINKED[refusal.code])
    return Outcome(link.employee_id, result, link.user_id, reason)
