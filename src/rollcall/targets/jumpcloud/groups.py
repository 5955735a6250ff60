"""User groups of the organization: members by differences, and the applications bound to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from rollcall.provisioning.reason import Reason
from rollcall.targets.errors import TargetError, TargetUnreachable
from rollcall.targets.groups import Application, Differences, Group
from rollcall.targets.jumpcloud.http import Wire
from rollcall.targets.jumpcloud.outcomes import Refusal
from rollcall.targets.jumpcloud.responses import (
    MOST_RECORDS,
    NotTheCloud,
    Record,
    Rejected,
    Unanswered,
    record_of,
    results_of,
    text_of,
    total_of,
)
from rollcall.targets.jumpcloud.users import PAGE


@dataclass(frozen=True, slots=True)
class CloudGroups:
    """The groups of one organization (v2). Every verb raises as the directory's verbs do."""

    wire: Wire

    def groups(self) -> Iterator[Group]:
        """Every user group."""
        return (_group(record) for record in self._list("/api/v2/usergroups", {"sort": "name"}))

    def create(self, name: str, description: str = "") -> Group:
        """A new static group; the one that has this name already, if there is one."""
        for wait in self.wire.waits():
            # At each try: a request without an answer may have made the group.
            if group := self.named(name):
                return group
            try:
                body = {"name": name, "description": description, "membershipMethod": "STATIC"}
                return _group(record_of(self.wire.once("POST", "/api/v2/usergroups", body=body)))
            except Unanswered:
                self.wire.sleep(wait)
        raise TargetUnreachable("JumpCloud did not take a new user group, however often sent.")

    def named(self, name: str) -> Group | None:
        """The group with exactly this name."""
        params = {"filter": f"name:eq:{name}"}
        # Compared once more, since a filter need not be exact: nobody may get into another group.
        groups = (_group(record) for record in self._list("/api/v2/usergroups", params))
        return next((group for group in groups if group.name == name), None)

    def members(self, group_id: str) -> frozenset[str]:
        """The ids of the group's direct members."""
        return self._targets(f"/api/v2/usergroups/{group_id}/members", {})

    def set_members(self, group_id: str, wanted: Collection[str]) -> Differences:
        """Make exactly these users the group's members: one call for each difference."""
        present = self.members(group_id)
        missing, extra = sorted(set(wanted) - present), sorted(present - set(wanted))
        # One edge a call (v2, POST usergroups/{id}/members).
        steps = [("add", user_id) for user_id in missing] + [
            ("remove", user_id) for user_id in extra
        ]
        return self._change_members(group_id, steps)

    def add_members(self, group_id: str, users: Collection[str]) -> Differences:
        """Add those of the users who are not members yet; nobody is removed."""
        missing = sorted(set(users) - self.members(group_id)) if users else []
        return self._change_members(group_id, [("add", user_id) for user_id in missing])

    def applications(self) -> Iterator[Application]:
        """Every application of the organization (v1, GET applications)."""
        params = {"sort": "_id", "fields": "_id displayLabel displayName name"}
        for record in self._list("/api/applications", params):
            label = text_of(record, "displayLabel", "displayName", "name")
            yield Application(text_of(record, "_id", "id"), label)

    def bound(self, group_id: str) -> frozenset[str]:
        """The ids of the applications that the group is bound to."""
        path = f"/api/v2/usergroups/{group_id}/associations"
        return self._targets(path, {"targets": "application"})

    def bind(self, group_id: str, application_id: str) -> None:
        """Give the group's members the application; fine where they have it."""
        self._associate(group_id, "add", application_id)

    def unbind(self, group_id: str, application_id: str) -> None:
        """Take the application from the group's members; fine where they do not have it."""
        self._associate(group_id, "remove", application_id)

    def _associate(self, group_id: str, verb: str, application_id: str) -> None:
        path = f"/api/v2/usergroups/{group_id}/associations"
        self._edge(path, {"op": verb, "type": "application", "id": application_id})

    def _change_members(self, group_id: str, steps: list[tuple[str, str]]) -> Differences:
        path = f"/api/v2/usergroups/{group_id}/members"

        def change(step: tuple[str, str]) -> Reason | None:
            try:
                self._edge(path, {"op": step[0], "type": "user", "id": step[1]})
            except TargetError as problem:
                refusal = Refusal.of(problem)
                message = refusal.message or f"HTTP {refusal.status}"
                return Reason(refusal.code or "cloud_refused", {"message": message})
            return None

        reasons = list(self.wire.in_parallel(change, steps))
        ended = list(zip(steps, reasons, strict=True))
        return Differences(
            added=frozenset(user_id for (verb, user_id), why in ended if verb == "add" and not why),
            removed=frozenset(
                user_id for (verb, user_id), why in ended if verb == "remove" and not why
            ),
            failed={user_id: why for (_, user_id), why in ended if why},
        )

    def _edge(self, path: str, body: Mapping[str, str]) -> None:
        """Change one edge of the graph; repeating it is harmless, 409 says that it was there."""
        try:
            self.wire.repeat("POST", path, body=body)
        except Rejected as problem:
            # There already, or gone already, is what was asked for.
            made = body["op"] == "add" and problem.status == 409
            if not made and not (body["op"] == "remove" and problem.status == 404):
                raise

    def _targets(self, path: str, params: Mapping[str, str]) -> frozenset[str]:
        edges = (record.get("to") for record in self._list(path, params))
        return frozenset(text_of(target, "id") for target in edges if isinstance(target, dict))

    def _list(self, path: str, params: Mapping[str, str]) -> Iterator[Record]:
        """All records of a list; some lists give no total, so a page that is not full ends it."""
        skip = 0
        while True:
            answer = self.wire.get(path, {"limit": PAGE, "skip": skip, **params})
            page = results_of(answer)
            yield from page
            skip += len(page)
            # v1 and some lists of v2 tell a total, and may have pages that are not full; of the
            # others a page that is not full is the last.
            told = answer.total is not None or isinstance(answer.json, dict)
            if not page or (skip >= total_of(answer) if told else len(page) < PAGE):
                return
            if skip > MOST_RECORDS:
                raise NotTheCloud(f"A list of JumpCloud goes on after {MOST_RECORDS:,} records.")


def _group(record: Record) -> Group:
    return Group(
        id=text_of(record, "id", "_id"),
        name=text_of(record, "name"),
        description=text_of(record, "description"),
        dynamic=text_of(record, "membershipMethod").startswith("DYNAMIC"),
    )
