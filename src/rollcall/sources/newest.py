"""Which of several records with one id counts: the one modified last, else the first one read."""

from __future__ import annotations

from datetime import datetime

from rollcall.provisioning.employee import Employee

NEVER = float("-inf")


class Newest:
    """Whom a read has passed on, and when each record was last modified."""

    def __init__(self) -> None:
        self._modified: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._modified)

    def __contains__(self, employee_id: object) -> bool:
        return employee_id in self._modified

    def takes(self, employee: Employee) -> bool:
        """Whether this record counts, as far as was read; it replaces an older one of its id."""
        moment = employee.last_modified
        modified = moment.timestamp() if isinstance(moment, datetime) else NEVER
        before = self._modified.get(employee.id)
        if before is not None and modified <= before:
            return False
        self._modified[employee.id] = modified
        return True
