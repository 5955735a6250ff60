"""Everybody of an account is read: each once, nobody lost, whatever the pages are like."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rollcall.sources.base import Page, Reading, Source, Summary
from rollcall.sources.personio.errors import AccessDenied, PersonioMisbehaved, PersonioUnreachable
from rollcall.sources.personio.v1.client import PersonioV1
from tests.sources.personio.recorded import (
    ATTRIBUTES,
    Answer,
    Asked,
    Recorded,
    as_json,
    failure,
    person,
    serving,
)


def company(size: int, **changes: object) -> Recorded:
    return Recorded([person(number) for number in range(1, size + 1)], **changes)  # type: ignore[arg-type] # passed on as they are


def drained(reading: Reading) -> tuple[list[Page], Summary]:
    return list(reading), reading.summary


def read(recorded: Recorded, attributes: tuple[str, ...] = ATTRIBUTES) -> tuple[list[str], Summary]:
    with serving(recorded), PersonioV1(recorded.account()) as personio:
        pages, summary = drained(personio.employees(attributes))
        return [employee.id for page in pages for employee in page.employees], summary


def codes(summary: Summary) -> list[str]:
    for note in summary.notes:
        assert note.text()
    return [note.code for note in summary.notes]


def test_everybody_is_read_once_in_pages_of_a_hundred() -> None:
    recorded = company(534)
    ids, summary = read(recorded)
    assert sorted(ids, key=int) == [str(number) for number in range(1, 535)]
    assert summary == Summary(expected=534, received=534, complete=True)
    assert sorted(one.offset for one in recorded.pages()) == [0, 100, 200, 300, 400, 500]


def test_a_read_costs_one_request_for_a_hundred_people_and_two_more() -> None:
    recorded = company(250)
    with serving(recorded), PersonioV1(recorded.account()) as personio:
        personio.check(ATTRIBUTES)
        drained(personio.employees(ATTRIBUTES))
        assert personio.requests == len(recorded.asked) == 3 + 2


def test_the_client_has_the_face_of_a_source() -> None:
    source: Source = PersonioV1(Recorded().account(url="http://127.0.0.1:9"))
    assert source.requests == 0
    source.close()


def test_only_the_attributes_that_are_needed_are_asked_for() -> None:
    recorded = company(3)
    read(recorded, ("email", "status", "id"))
    asked = recorded.pages()[0].query
    assert [value for key, value in asked if key == "attributes[]"] == [
        "email",
        "status",
        "last_modified_at",
    ]


def test_an_account_without_people_is_complete() -> None:
    assert read(company(0)) == ([], Summary(expected=0, received=0, complete=True))


def test_a_server_with_smaller_pages_than_asked_for_loses_nobody() -> None:
    ids, summary = read(company(334, largest_page=50))
    assert len(set(ids)) == len(ids) == 334
    assert summary.complete


def test_the_gap_behind_a_short_page_is_closed() -> None:
    recorded = company(450)

    def short(number: int, asked: Asked) -> Answer | None:
        recorded.largest_page = 30 if asked.offset == 200 else 100
        return None

    recorded.meddle = short
    ids, summary = read(recorded)
    assert len(set(ids)) == len(ids) == 450
    assert summary.complete


def test_a_hire_while_reading_makes_everybody_read_once_more_and_nobody_come_twice() -> None:
    recorded = company(350)
    hires = [person(9001)]

    def hire(asked: Asked) -> None:
        if asked.offset == 200 and hires:
            recorded.people.insert(0, hires.pop())

    recorded.before_page = hire
    ids, summary = read(recorded)
    assert len(ids) == len(set(ids)) == 351
    assert summary.complete
    assert codes(summary) == ["total_moved"]


def test_a_leaver_while_reading_pushes_nobody_out_of_the_read() -> None:
    recorded = company(350)
    leavers = [recorded.people[0]]

    def leave(asked: Asked) -> None:
        if asked.offset == 100 and leavers:
            recorded.people.remove(leavers.pop())

    recorded.before_page = leave
    ids, summary = read(recorded)
    assert set(ids) >= {str(number) for number in range(2, 351)}
    assert len(ids) == len(set(ids))
    assert summary.complete


def test_a_list_that_shifts_under_the_read_is_read_once_more() -> None:
    recorded = company(250)
    moves = [1]

    def shift(asked: Asked) -> None:
        if asked.offset == 100 and moves:
            moves.pop()
            recorded.people.insert(0, recorded.people.pop())

    recorded.before_page = shift
    ids, summary = read(recorded)
    assert len(ids) == len(set(ids)) == 250
    assert summary.complete


def test_a_list_that_never_stands_still_is_not_called_complete() -> None:
    recorded = company(250)
    recorded.before_page = lambda asked: recorded.people.append(person(5000 + len(recorded.asked)))
    _, summary = read(recorded)
    assert not summary.complete
    assert codes(summary) == [
        "total_moved",
        "total_moved",
        "total_still_moving",
    ]


def test_a_total_that_moved_and_came_back_is_told_with_both_numbers() -> None:
    told = iter([250, 249])
    _, summary = read(company(250, total=lambda total: next(told, total)))
    assert summary.complete
    assert [(note.params["before"], note.params["after"]) for note in summary.notes] == [
        ("250", "249")
    ]


def test_a_total_that_promises_more_people_than_come_is_not_called_complete() -> None:
    recorded = company(120, total=lambda total: total + 7)
    ids, summary = read(recorded)
    assert (len(ids), summary.expected, summary.received) == (120, 127, 120)
    assert not summary.complete
    assert codes(summary) == ["total_not_reached"]


@pytest.mark.parametrize("total", [None, "many", -3, [], 1.5e400])
def test_without_a_total_the_pages_are_read_to_the_first_empty_one(total: object) -> None:
    ids, summary = read(company(230, total=lambda _: total))
    assert len(ids) == 230
    assert not summary.complete
    assert codes(summary) == ["total_unknown"]


def test_a_total_written_as_text_counts() -> None:
    assert read(company(130, total=str))[1].complete


def test_a_server_that_ignores_the_offset_is_noticed() -> None:
    recorded = company(250)
    first = [person(number) for number in range(1, 101)]
    page = {"success": True, "metadata": {"total_elements": 250}, "data": first}
    recorded.meddle = lambda n, asked: as_json(page) if asked in recorded.pages() else None
    ids, summary = read(recorded)
    assert len(ids) == 100
    assert not summary.complete


def test_a_record_without_an_id_is_counted_and_the_rest_goes_on() -> None:
    recorded = company(3)
    recorded.people[1] = {"type": "Employee", "attributes": {}}
    ids, summary = read(recorded)
    assert ids == ["1", "3"]
    assert not summary.complete
    assert "records_without_id" in codes(summary)


def test_a_page_that_personio_itself_stumbles_over_does_not_keep_the_others_away() -> None:
    recorded = company(450)

    def stumble(number: int, asked: Asked) -> Answer | None:
        return failure(500, 500, "Something went wrong") if asked.offset == 200 else None

    recorded.meddle = stumble
    with serving(recorded), PersonioV1(recorded.account(tries=3)) as personio:
        pages, summary = drained(personio.employees(ATTRIBUTES))
    assert sum(len(page.employees) for page in pages) == 350
    assert not summary.complete
    assert next(note.params for note in summary.notes) == {"first": "201", "last": "300"}


def test_a_server_that_goes_down_while_reading_ends_the_read() -> None:
    recorded = company(900)

    def down(number: int, asked: Asked) -> Answer | None:
        return failure(503, 503, "Down") if number > 3 else None

    recorded.meddle = down
    with (
        serving(recorded),
        PersonioV1(recorded.account(tries=3)) as personio,
        pytest.raises(PersonioUnreachable, match="HTTP 503"),
    ):
        drained(personio.employees(ATTRIBUTES))


def test_an_attribute_that_no_record_carries_is_named() -> None:
    recorded = company(3, readable=("email", "status", "office"))
    _, summary = read(recorded, ("email", "status", "office", "supervisor"))
    assert summary.unreadable == ("supervisor",)


def test_an_essential_attribute_that_no_record_carries_ends_the_read() -> None:
    recorded = company(3, readable=("email", "office"))
    with (
        serving(recorded),
        PersonioV1(recorded.account()) as personio,
        pytest.raises(AccessDenied, match="`status`") as caught,
    ):
        drained(personio.employees(ATTRIBUTES))
    assert caught.value.attributes == ("status",)


def test_values_that_make_no_sense_are_counted_by_attribute_and_not_shown() -> None:
    recorded = company(3)
    recorded.people.append(person(4, supervisor={"type": "Employee", "attributes": {"x": "Mx"}}))
    _, summary = read(recorded)
    assert summary.complete
    (note,) = summary.notes
    assert (note.code, dict(note.params)) == (
        "values_unusable",
        {"attribute": "supervisor", "count": "1"},
    )


def test_an_answer_that_is_no_list_is_an_error() -> None:
    recorded = company(3)
    page = {"success": True, "data": {"type": "Employee"}}
    recorded.meddle = lambda n, asked: as_json(page) if asked in recorded.pages() else None
    with (
        serving(recorded),
        PersonioV1(recorded.account()) as personio,
        pytest.raises(PersonioMisbehaved),
    ):
        drained(personio.employees(ATTRIBUTES))


def test_a_read_has_no_summary_before_its_end() -> None:
    recorded = company(300)
    with serving(recorded), PersonioV1(recorded.account()) as personio:
        reading = personio.employees(ATTRIBUTES)
        next(iter(reading))
        with pytest.raises(RuntimeError):
            _ = reading.summary


def test_everybody_may_come_in_one_answer_whatever_the_limit() -> None:
    recorded = company(130, largest_page=10_000)
    people = {"success": True, "metadata": {"total_elements": 130}, "data": recorded.people}
    recorded.meddle = lambda n, asked: as_json(people) if asked in recorded.pages() else None
    with serving(recorded), PersonioV1(recorded.account()) as personio:
        pages, _ = drained(personio.employees(ATTRIBUTES))
    assert [len(page.employees) for page in pages] == [130]


@pytest.mark.contracts
def test_every_question_is_one_that_the_contract_knows(contracts: Path) -> None:
    described = json.loads((contracts / "personio-v1.openapi.json").read_text())
    recorded = company(130)
    with serving(recorded), PersonioV1(recorded.account()) as personio:
        personio.check(ATTRIBUTES)
        drained(personio.employees(ATTRIBUTES))
    for asked in recorded.asked:
        operation = described["paths"][asked.path.removeprefix("/v1")][asked.method.lower()]
        known = {one["name"] for one in operation.get("parameters", ()) if one.get("in") == "query"}
        assert {key for key, _ in asked.query} <= known
