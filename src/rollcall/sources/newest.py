"""Which of several records with one id counts: the one modified last, else the list's first."""

from __future__ import annotations

from array import array
from datetime import datetime
from typing import Final

from rollcall.core.text import clean, cut
from rollcall.provisioning.employee import Employee, Unknown
from rollcall.provisioning.employee_ids import MAX_ID_LENGTH, id_order, named
from rollcall.provisioning.numbering import NONE, Numbering
from rollcall.provisioning.reason import Reason

NEVER: Final = float("-inf")
"""Before every moment: a record that tells of none gives way to one that does."""


class Newest:
    """Which record of everybody counts, as far as was read: each source asks it of every record.

    Nobody's record is kept, some sixty bytes an employee are: a later record that counts is passed
    on, and replaces the one that was passed on before it.
    """

    def __init__(self) -> None:
        self._ids = Numbering()
        self._modified = array("d")
        self._places = array("q")
        self._contents = array("q")
        self._repeated: set[int] = set()

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, employee_id: str) -> bool:
        return self._ids.find(employee_id) != NONE

    def takes(self, employee: Employee, place: int) -> bool:
        """Whether this employee's record counts; see `takes_record`."""
        content = hash((employee, frozenset(employee.custom.items())))
        return self.takes_record(employee.id, employee.last_modified, place, content)

    def takes_record(
        self, employee_id: str, modified: datetime | Unknown | None, place: int, content: int
    ) -> bool:
        """Whether this record counts, as far as was read.

        `place` is where it stands in the source's list: pages may come in any order, and the first
        one counts where the moments do not decide, because they are equal or cannot be read.
        `content` is a hash of all that the record says.
        """
        moment = modified.timestamp() if isinstance(modified, datetime) else NEVER
        number = self._ids.add(employee_id)
        if number == len(self._contents):
            self._modified.append(moment)
            self._places.append(place)
            self._contents.append(content)
            return True
        if content == self._contents[number]:
            # No second record but the same one again: a list that moves while it is read makes
            # pages overlap, which is nothing to warn of.
            self._places[number] = min(place, self._places[number])
            return False
        self._repeated.add(number)
        if (moment, -place) <= (self._modified[number], -self._places[number]):
            return False
        self._modified[number] = moment
        self._places[number] = place
        self._contents[number] = content
        return True

    def notes(self) -> tuple[Reason, ...]:
        """The warning that names those of whom several records told different things, if any."""
        if not self._repeated:
            return ()
        ids = sorted((self._ids[number] for number in self._repeated), key=id_order)
        shown = named([cut(clean(employee_id), MAX_ID_LENGTH) for employee_id in ids])
        return (Reason("repeated_employees", {"count": str(len(ids)), "employees": shown}),)
