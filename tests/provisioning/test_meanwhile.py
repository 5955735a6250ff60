"""What happens to a plan when the directory changes between its outline and its changes."""

from __future__ import annotations

from dataclasses import replace

from rollcall.provisioning.change import Change, Kind
from rollcall.provisioning.directory_index import DirectoryIndex
from rollcall.provisioning.outline import Outline
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.user import State, User
from tests.provisioning.world import differences, employee, user


def changed_meanwhile(*users: User) -> Change:
    """The change of an employee whose user was an ordinary one when the outline was made."""
    somebody = employee(department="Sales")
    outline = Outline.of([somebody], DirectoryIndex.of([user()]), Rules())
    assert outline.user_ids(["1"]) == [user().id]
    (change,) = outline.changes([somebody], {one.id: one for one in users})
    return change


def test_a_user_who_was_deleted_meanwhile_is_a_conflict_and_named() -> None:
    change = changed_meanwhile()
    assert (change.kind, change.reason.code) == (Kind.CONFLICT, "user_gone")
    assert (change.user_id, change.with_whom) == (None, (user().id,))
    assert "import again" in change.reason.text()


def test_a_value_that_somebody_wrote_meanwhile_is_what_the_change_starts_from() -> None:
    change = changed_meanwhile(replace(user(), department="Sales", jobTitle="Boss"))
    assert differences(change) == {"jobTitle": ("Boss", "Buyer")}


def test_a_user_who_was_suspended_meanwhile_is_not_made_active() -> None:
    change = changed_meanwhile(replace(user(), department="Sales", state=State.SUSPENDED))
    assert change.kind is Kind.UNCHANGED
    assert [warning.code for warning in change.warnings] == ["reactivation_not_allowed"]
