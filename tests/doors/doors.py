"""The doors of the directory: the same user, group or manager handed in at each of them.

Each door answers with what was stored, or None where it was refused; nothing stays behind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db import transaction
from django.test import Client

from rollcall.directory import services
from rollcall.directory.models import User, UserGroup
from rollcall.directory.services import HAND, NewGroup, NewUser, UserChange
from rollcall.provisioning.change import FieldChange
from rollcall.targets.builtin.groups import BuiltinGroups
from rollcall.targets.builtin.target import IMPORT, BuiltinTarget
from tests.actors import TESTER
from tests.targets.builtin.people import Ledger, hire

Values: TypeAlias = Mapping[str, str]
Stored: TypeAlias = "dict[str, str] | None"

SHOWN = ("username", "email", "firstname", "lastname", "department")


@dataclass(frozen=True)
class Doors:
    """Clients of the portal, the API and SCIM; the other doors need none."""

    portal: Client
    key: str

    def of_users(self) -> dict[str, Callable[[Values], Stored]]:
        """Every door through which a user is made."""
        return {
            "services": self.by_services,
            "portal": self.by_portal,
            "api": self.by_api,
            "bulk": self.by_bulk,
            "scim": self.by_scim,
            "import": self.by_import,
        }

    def of_groups(self) -> dict[str, Callable[[str], str | None]]:
        """Every door through which a user group is made."""
        return {
            "services": self.group_by_services,
            "portal": self.group_by_portal,
            "api": self.group_by_api,
            "scim": self.group_by_scim,
            "import": self.group_by_import,
        }

    def of_managers(self) -> dict[str, Callable[[User, User], bool]]:
        """Every door through which a user gets a manager."""
        return {
            "services": self.manager_by_services,
            "portal": self.manager_by_portal,
            "api": self.manager_by_api,
            "scim": self.manager_by_scim,
        }

    def by_services(self, values: Values) -> Stored:
        """The writer itself."""
        return alone(lambda: services.create_users(TESTER, HAND, [NewUser(values)]))

    def by_portal(self, values: Values) -> Stored:
        """The form for a new user."""
        return alone(lambda: self.portal.post("/users/new/", dict(values)))

    def by_api(self, values: Values) -> Stored:
        """JumpCloud v1, POST systemusers."""
        return alone(lambda: self._call("POST", "/api/systemusers", dict(values)))

    def by_bulk(self, values: Values) -> Stored:
        """JumpCloud v2, POST bulk/users."""
        return alone(lambda: self._call("POST", "/api/v2/bulk/users", [dict(values)]))

    def by_scim(self, values: Values) -> Stored:
        """SCIM 2.0, POST Users (RFC 7644 §3.3)."""
        body = {
            "schemas": [CORE, ENTERPRISE],
            "userName": values["username"],
            "name": {"givenName": values["firstname"], "familyName": values["lastname"]},
            "emails": [{"value": values["email"], "type": "work", "primary": True}],
            ENTERPRISE: {"department": values["department"]},
        }
        return alone(lambda: self._scim("POST", "/scim/v2/Users", body))

    def by_import(self, values: Values) -> Stored:
        """A change of an import's plan."""
        change = hire(1, **values)
        given = tuple(FieldChange(f.field, None, f.after or None) for f in change.fields)
        kept = tuple(field for field in given if field.field != "jobTitle")
        made = type(change)(**{**as_dict(change), "fields": kept})
        return alone(lambda: BuiltinTarget("personio").apply([made], Ledger()))

    def group_by_services(self, name: str) -> str | None:
        """The writer itself."""
        return group_alone(lambda: services.create_groups(TESTER, [NewGroup(name)]))

    def group_by_portal(self, name: str) -> str | None:
        """The form for a new group."""
        return group_alone(lambda: self.portal.post("/groups/new/", {"name": name}))

    def group_by_api(self, name: str) -> str | None:
        """JumpCloud v2, POST usergroups."""
        return group_alone(lambda: self._call("POST", "/api/v2/usergroups", {"name": name}))

    def group_by_scim(self, name: str) -> str | None:
        """SCIM 2.0, POST Groups."""
        body = {"schemas": [GROUP], "displayName": name}
        return group_alone(lambda: self._scim("POST", "/scim/v2/Groups", body))

    def group_by_import(self, name: str) -> str | None:
        """The group that `rollcall groups add` makes."""

        def make() -> None:
            try:
                BuiltinGroups(IMPORT).create(name)
            except Exception as error:
                if "refused" not in type(error).__name__.lower():
                    raise

        return group_alone(make)

    def manager_by_services(self, user: User, manager: User) -> bool:
        """The writer itself."""
        change = UserChange(user.pk, {"manager": manager.pk})
        return linked(user, manager, lambda: services.update_users(TESTER, HAND, [change]))

    def manager_by_portal(self, user: User, manager: User) -> bool:
        """The form of the user."""
        form = {name: getattr(user, name) for name in SHOWN} | {"manager": manager.username}
        address = f"/users/{user.pk}/edit/"
        return linked(user, manager, lambda: self.portal.post(address, form))

    def manager_by_api(self, user: User, manager: User) -> bool:
        """JumpCloud v1, PUT systemusers."""
        address, body = f"/api/systemusers/{user.pk}", {"manager": manager.pk}
        return linked(user, manager, lambda: self._call("PUT", address, body))

    def manager_by_scim(self, user: User, manager: User) -> bool:
        """SCIM 2.0, PATCH Users."""
        operation = {
            "op": "replace",
            "path": f"{ENTERPRISE}:manager",
            "value": {"value": manager.pk},
        }
        body = {"schemas": [PATCH], "Operations": [operation]}
        address = f"/scim/v2/Users/{user.pk}"
        return linked(user, manager, lambda: self._scim("PATCH", address, body))

    def _call(self, method: str, address: str, body: Any) -> int:
        answer = Client().generic(
            method,
            address,
            json.dumps(body),
            content_type="application/json",
            headers={"x-api-key": self.key},
        )
        assert answer.status_code < 500, answer.content
        return answer.status_code

    def _scim(self, method: str, address: str, body: Any) -> int:
        answer = Client().generic(
            method,
            address,
            json.dumps(body),
            content_type="application/scim+json",
            headers={"authorization": f"Bearer {self.key}"},
        )
        assert answer.status_code < 500, answer.content
        return answer.status_code


CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def alone(make: Callable[[], object]) -> Stored:
    """What the making stored of a user that was not there before; then it is undone."""
    before = set(User.objects.values_list("pk", flat=True))
    with transaction.atomic():
        make()
        made = User.objects.exclude(pk__in=before).first()
        transaction.set_rollback(True)
    return {name: getattr(made, name) for name in SHOWN} if made else None


def group_alone(make: Callable[[], object]) -> str | None:
    """The name under which a group was stored; then it is undone."""
    before = set(UserGroup.objects.values_list("pk", flat=True))
    with transaction.atomic():
        make()
        made = UserGroup.objects.exclude(pk__in=before).values_list("name", flat=True).first()
        transaction.set_rollback(True)
    return made


def linked(user: User, manager: User, change: Callable[[], object]) -> bool:
    """Whether the change made this manager the user's; then it is undone."""
    with transaction.atomic():
        change()
        there = User.objects.filter(pk=user.pk, manager=manager).exists()
        transaction.set_rollback(True)
    return there


def as_dict(change: Any) -> dict[str, Any]:
    """The parts of a change by their names."""
    return {name: getattr(change, name) for name in type(change).__slots__}
