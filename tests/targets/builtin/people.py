"""An ordinary world for the directory's tests: invented people, their changes, and a journal."""

from __future__ import annotations

from collections.abc import Sequence

from rollcall.directory.models import ExternalIdentity, User
from rollcall.provisioning.change import Change, FieldChange, Kind, ManagerLink, Outcome
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.user import State


class Ledger:
    """A journal that keeps outcomes by employee."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {}
        self.calls = 0

    def begin(self) -> bool:
        """A batch of the built-in directory is one transaction, so there is no earlier attempt."""
        return False

    def job(self) -> str | None:
        """The built-in directory has no jobs."""
        return None

    def record_job(self, job: str) -> None:
        """The built-in directory has no jobs."""
        raise AssertionError(job)

    def prove(self) -> None:
        """Nobody takes anything from a test."""

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Keep these outcomes; an employee recorded twice is a fault."""
        self.calls += 1
        for one in outcomes:
            assert one.employee_id not in self.outcomes
            self.outcomes[one.employee_id] = one


def hire(number: int, **values: str) -> Change:
    """The change that creates the user of this employee."""
    fields = {
        "username": f"person{number}",
        "email": f"person{number}@example.org",
        "firstname": f"First{number}",
        "lastname": f"Last{number}",
        "department": "Purchasing",
        "jobTitle": "Buyer",
        "state": State.STAGED.value,
        **values,
    }
    return Change(
        kind=Kind.CREATE,
        employee_id=str(number),
        name=f"First{number} Last{number}",
        email=fields["email"],
        reason=Reason("new", {"status": "active"}),
        fields=tuple(
            FieldChange(name.replace("__", "."), None, value) for name, value in fields.items()
        ),
        external_id=str(number),
    )


def change(
    user: User,
    kind: Kind = Kind.UPDATE,
    manager: ManagerLink | None = None,
    external_id: str | None = None,
    **values: str | None,
) -> Change:
    """A change of these fields of a user who is there; `attributes__x` is a custom attribute."""
    fields = tuple(
        FieldChange(name, before(user, name), after)
        for name, after in ((name.replace("__", "."), after) for name, after in values.items())
    )
    return Change(
        kind=kind,
        employee_id=employee_of(user) or external_id or "0",
        name=user.firstname,
        email=user.email,
        reason=Reason("new", {"status": "active"}),
        user_id=user.id,
        fields=fields,
        external_id=external_id,
        manager=manager,
    )


def before(user: User, name: str) -> str | None:
    """The value that a plan made now sees."""
    if name.startswith("attributes."):
        records = {record["name"]: record["value"] for record in user.attributes}
        return records.get(name.removeprefix("attributes."))
    return getattr(user, name) or None


def person(number: int, **values: object) -> User:
    """A user who is in the directory already."""
    known: dict[str, object] = {
        "username": f"person{number}",
        "email": f"person{number}@example.org",
        "firstname": f"First{number}",
        "lastname": f"Last{number}",
        **values,
    }
    return User.objects.create(**known)


def employee(number: int, **values: object) -> User:
    """A user who carries an employee of Personio."""
    user = person(number, **values)
    identify(user, str(number))
    return user


def identify(user: User, external_id: str, source: str = "personio") -> None:
    """Let the user carry this employee of the source."""
    ExternalIdentity.objects.create(user=user, source=source, external_id=external_id)


def employee_of(user: User, source: str = "personio") -> str:
    """The employee whom the user carries; "" for none."""
    found = ExternalIdentity.objects.filter(user=user, source=source).first()
    return found.external_id if found else ""
