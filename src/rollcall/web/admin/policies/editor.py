"""The conditions of a policy while they are edited: rows in groups, or JSON; without any script.

Every button sends the whole form. The names of a group's fields begin with the group's, those of a
row with both, so that rows can be added and taken away in any order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.policies import drafting
from rollcall.access.policies.decision import condition_parsing
from rollcall.access.policies.decision.faults import Malformed
from rollcall.web.admin.policies import outline, rows
from rollcall.web.admin.policies.outline import ALL, ANY, NONE, Group, Outline
from rollcall.web.admin.policies.row_form import RowForm
from rollcall.web.admin.policies.rows import FORMS

ACT: Final = "act"
"""The name of the buttons that change rows and save nothing."""

MODE, JSON_TEXT, JOIN = "conditions-mode", "conditions-json", "conditions-join"
GROUPS: Final = "conditions-group"
ROWS, AS_JSON = "rows", "json"
MOST_GROUPS: Final = 10
MOST_ROWS: Final = 20
LONGEST_JSON: Final = 100_000
JOINS: Final = ((ALL, _("All of these")), (ANY, _("At least one of these")))
GROUP_JOINS: Final = (*JOINS, (NONE, _("None of these")))
_GROUP: Final = re.compile(r"g[0-9]{1,3}")
_ROW: Final = re.compile(r"(r[0-9]{1,3}):([A-Za-z]{1,32})")


@dataclass(slots=True)
class ShownGroup:
    """A group as the page shows it."""

    key: str
    join: str
    rows: dict[str, RowForm]


class Editor:
    """What the page shows of the conditions, and what was made of it."""

    joins = JOINS
    group_joins = GROUP_JOINS

    def __init__(self) -> None:
        self.mode = ROWS
        self.join = ALL
        self.groups: dict[str, ShownGroup] = {}
        self.text = ""
        self.problem = ""

    @classmethod
    def of(cls, conditions: dict[str, Any]) -> Editor:
        """The editor that shows stored conditions."""
        editor = cls()
        editor._show(conditions)
        return editor

    @classmethod
    def sent(cls, data: QueryDict) -> Editor:
        """The editor with what was typed."""
        editor = cls()
        editor.mode = AS_JSON if data.get(MODE) == AS_JSON else ROWS
        editor.join = ANY if data.get(JOIN) == ANY else ALL
        editor.text = data.get(JSON_TEXT, "")
        for key in data.getlist(GROUPS)[:MOST_GROUPS]:
            if _GROUP.fullmatch(key):
                join = data.get(f"{key}-join", ALL)
                joined = join if join in dict(GROUP_JOINS) else ALL
                editor.groups[key] = ShownGroup(key, joined, dict(_sent_rows(data, key)))
        return editor

    @property
    def kinds(self) -> Sequence[tuple[str, str]]:
        """The kinds of conditions that can be added."""
        return rows.choices()

    @property
    def may_grow(self) -> bool:
        """Whether another group fits in."""
        return len(self.groups) < MOST_GROUPS

    def conditions(self) -> dict[str, Any] | None:
        """What was typed, in the vendor's JSON; None where it cannot be used, which is shown."""
        if self.mode == AS_JSON:
            return self._from_json()
        forms = [form for group in self.groups.values() for form in group.rows.values()]
        if not rows.valid(forms):
            return None
        groups = tuple(
            Group(tuple(form.row() for form in group.rows.values()), group.join)
            for group in self.groups.values()
        )
        return outline.write(Outline(groups, self.join))

    def act(self, words: str, data: QueryDict) -> None:
        """Do what a button says: add or take away a group or a row, or show JSON or rows."""
        verb, *names = words.split() or [""]
        group = self.groups.get(names[0]) if names else None
        if verb == "add-group" and self.may_grow:
            key = _free("g", self.groups)
            self.groups[key] = ShownGroup(key, ALL, {})
        elif verb == "drop-group" and group:
            del self.groups[group.key]
        elif verb == "add-row" and group and len(group.rows) < MOST_ROWS:
            _add_row(group, data.get(f"{group.key}-new", ""))
        elif verb == "drop-row" and group and len(names) > 1:
            group.rows.pop(names[1], None)
        elif verb == "to-json" and (known := self.conditions()) is not None:
            self.mode, self.text = AS_JSON, _spread(known)
            return
        elif verb == "to-rows" and (known := self._from_json()) is not None:
            self._show(known)
            if self.mode == AS_JSON:
                self.problem = gettext("These conditions are nested too deep for rows.")
            return
        else:
            return
        self.quiet()

    def quiet(self) -> None:
        """Show what was typed, and nothing of what may be wrong with it yet."""
        for group in self.groups.values():
            for form in group.rows.values():
                form.quiet()

    def _show(self, conditions: dict[str, Any]) -> None:
        shown = outline.read(conditions)
        self.text = _spread(conditions)
        if shown is None or len(shown.groups) > MOST_GROUPS:
            self.mode = AS_JSON
            return
        self.mode, self.join = ROWS, shown.join
        self.groups = {}
        for number, group in enumerate(shown.groups):
            forms: dict[str, RowForm] = {}
            for place, row in enumerate(group.rows):
                form = FORMS[row.kind]
                prefix = f"g{number}r{place}"
                forms[f"r{place}"] = form(None, prefix=prefix, initial=form.typed(row))
            self.groups[f"g{number}"] = ShownGroup(f"g{number}", group.join, forms)
            if len(forms) > MOST_ROWS:
                self.mode = AS_JSON

    def _from_json(self) -> dict[str, Any] | None:
        if len(self.text) > LONGEST_JSON:
            self.problem = gettext("The JSON is too long.")
            return None
        try:
            given = json.loads(self.text or "{}")
            if not drafting.is_writable(json.dumps(given, ensure_ascii=False)):
                raise ValueError
            condition_parsing.parse(given)
        except Malformed as error:
            self.problem = gettext("This cannot be used: {text}").format(text=error.faults[0])
            return None
        except (ValueError, RecursionError):
            self.problem = gettext("This is no JSON.")
            return None
        return dict(given)


def canonical(conditions: object) -> str:
    """Conditions as a text that is the same where they are."""
    return json.dumps(conditions, ensure_ascii=False, sort_keys=True)


def settled(conditions: dict[str, Any]) -> dict[str, Any]:
    """Stored conditions as the form would write them without a change."""
    shown = outline.read(conditions)
    return conditions if shown is None else outline.write(shown)


def _sent_rows(data: QueryDict, group: str) -> Iterator[tuple[str, RowForm]]:
    for said in data.getlist(f"{group}-row")[:MOST_ROWS]:
        match = _ROW.fullmatch(said)
        if match and match[2] in FORMS:
            yield match[1], FORMS[match[2]](data, prefix=f"{group}{match[1]}")


def _add_row(group: ShownGroup, kind: str) -> None:
    if kind in FORMS:
        key = _free("r", group.rows)
        initial = {"zone": get_current_timezone_name()}
        group.rows[key] = FORMS[kind](None, prefix=f"{group.key}{key}", initial=initial)


def _free(letter: str, taken: dict[str, Any]) -> str:
    numbers = [int(key[1:]) for key in taken]
    return f"{letter}{max(numbers, default=-1) + 1}"


def _spread(conditions: dict[str, Any]) -> str:
    return json.dumps(conditions, ensure_ascii=False, indent=2)
