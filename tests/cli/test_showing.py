"""Tables of changes: of a company of any size, few changes are in memory at once."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from rich.console import Console

from rollcall.cli import showing
from rollcall.imports.models import ChangeRecord, Connection, Run

pytestmark = pytest.mark.django_db


def changes(number: int) -> Run:
    """A run with so many changes that need attention."""
    connection = Connection.objects.create(name="Personio", source="personio", key="p")
    run = Run.objects.create(number=1, connection=connection)
    ChangeRecord.objects.bulk_create(
        ChangeRecord(
            run=run,
            seq=n,
            kind="conflict",
            employee_id=f"e{n}",
            name="Ines",
            reason={"code": "same", "params": {}},
        )
        for n in range(number)
    )
    return run


def test_changes_are_shown_in_stretches_while_the_rest_is_unread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(showing, "AT_ONCE", 10)
    read: list[str] = []
    seen_after: dict[str, int] = {}

    def rows() -> Iterator[ChangeRecord]:
        for row in changes(25).changes.order_by("seq"):
            read.append(row.employee_id)
            yield row

    class Paper(io.StringIO):
        def write(self, text: str) -> int:
            for employee_id in (word for word in text.split() if word in read):
                seen_after.setdefault(employee_id, len(read))
            return super().write(text)

    paper = Paper()
    showing.show_changes(Console(file=paper, width=120), rows(), title="Changes")
    assert seen_after["e0"] == 10
    assert seen_after["e24"] == 25
    assert [word for word in paper.getvalue().split() if word in read] == read
    assert paper.getvalue().count("Changes") == 1


def test_no_changes_are_no_table() -> None:
    paper = io.StringIO()
    showing.show_changes(Console(file=paper), [], title="Changes")
    assert paper.getvalue() == ""


@pytest.mark.parametrize("width", [40, 80, 120])
def test_runs_are_readable_at_any_width(width: int) -> None:
    run = changes(0)
    run.started_by, run.state = "administrator@example.com", "completed"
    run.counts = {"created": 12, "unchanged": 4678, "conflict": 3}
    paper = io.StringIO()
    showing.show_runs(Console(file=paper, width=width), [run])
    text = paper.getvalue()
    assert max(map(len, text.splitlines())) <= width
    # No word is broken in the middle.
    assert "Completed" in text
    assert run.started_at.strftime("%Y-%m-%d") in text
    if width == 40:
        assert "administrator@example.com" in text
