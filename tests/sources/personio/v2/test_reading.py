"""A read over v2: everybody once, an employment each, and an end that is one."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from rollcall.provisioning.employee import UNKNOWN
from rollcall.sources.personio.errors import (
    AccessDenied,
    PersonioMisbehaved,
    PersonioUnreachable,
)
from rollcall.sources.personio.v2.pagination import MOST_PAGES_WITHOUT_NEWS
from tests.sources.personio.recorded import ATTRIBUTES, Answer, Asked, as_json, failure, serving
from tests.sources.personio.v2.recorded import (
    RecordedV2,
    client,
    employment,
    person_v2,
    problem,
    read,
)


def company(size: int) -> RecordedV2:
    return RecordedV2([person_v2(number) for number in range(1, size + 1)])


def codes(notes: Any) -> list[str]:
    return [note.code for note in notes]


def test_everybody_is_read_once_in_personios_order() -> None:
    people, summary = read(company(120))
    assert [employee.id for employee in people] == [str(number) for number in range(1, 121)]
    assert (summary.received, summary.complete, summary.notes) == (120, True, ())


def test_a_read_costs_a_request_for_each_page_each_list_and_each_person() -> None:
    recorded = company(120)
    with client(recorded) as personio:
        list(personio.employees(ATTRIBUTES))
        list(personio.employees(ATTRIBUTES))
        assert personio.requests == len(recorded.asked)
    paths = recorded.paths()
    assert paths.count("/v2/persons") == 2 * 3
    for path in ("workplaces", "org-units", "legal-entities", "cost-centers"):
        assert paths.count(f"/v2/{path}") == 1
    assert sum(path.endswith("/employments") for path in paths) == 2 * 120
    assert recorded.logins == 1


def test_a_person_without_employments_costs_no_request() -> None:
    recorded = RecordedV2([person_v2(1, employments=[], status="INACTIVE"), person_v2(2)])
    people, summary = read(recorded)
    assert [employee.status for employee in people] == ["inactive", "active"]
    assert people[0].position is UNKNOWN
    assert summary.complete
    assert "/v2/persons/1/employments" not in recorded.paths()


def test_there_is_no_summary_before_the_last_page() -> None:
    with client(company(60)) as personio:
        reading = personio.employees(ATTRIBUTES)
        next(iter(reading))
        with pytest.raises(RuntimeError):
            _ = reading.summary


def test_records_without_an_id_are_counted_and_the_read_is_not_complete() -> None:
    odd = [person_v2(2, id=None), person_v2(3, id={}), "Jördis", None]
    people, summary = read(RecordedV2([person_v2(1), *odd]))  # type: ignore[list-item]
    assert [employee.id for employee in people] == ["1"]
    assert not summary.complete
    assert codes(summary.notes) == ["records_without_id"]
    assert summary.notes[0].params == {"count": "4"}


def test_somebody_whom_two_pages_bring_is_taken_once() -> None:
    people, summary = read(RecordedV2([person_v2(1), person_v2(2), person_v2(1)], page_size=2))
    assert [employee.id for employee in people] == ["1", "2"]
    assert summary.complete


def test_what_no_record_carries_is_named() -> None:
    people = [person_v2(number) for number in (1, 2)]
    for person in people:
        del person["last_name"]
    _, summary = read(RecordedV2(people), (*ATTRIBUTES, "dynamic_7"))
    assert summary.unreadable == ("last_name", "dynamic_7")


def test_without_email_the_first_page_ends_the_read() -> None:
    person = person_v2(1)
    del person["email"]
    with pytest.raises(AccessDenied, match="`email`"):
        read(RecordedV2([person]))


def test_a_name_that_its_list_does_not_have_is_unknown_and_counted() -> None:
    recorded = RecordedV2([person_v2(1)], jobs={"1": [employment(office={"id": "9"})]})
    people, summary = read(recorded)
    assert people[0].office is UNKNOWN
    assert summary.complete
    assert summary.notes[0].params == {"attribute": "office", "count": "1"}


class Circling(RecordedV2):
    """An account whose pages all name the same next one."""

    def links(self, following: str | None) -> dict[str, Any]:
        """A link that leads back."""
        return {"next": {"href": f"{self.url}/v2/persons?cursor=0"}}


class Endless(RecordedV2):
    """An account whose every page names another next one, and brings the same people."""

    number = itertools.count(1)

    def links(self, following: str | None) -> dict[str, Any]:
        """A link with a cursor never seen before."""
        return {"next": {"href": f"?cursor={next(self.number)}"}}

    def _persons(self, offset: int) -> Answer:
        return super()._persons(0)


@pytest.mark.parametrize("kind", [Circling, Endless])
def test_a_list_that_never_ends_is_left_and_not_called_complete(kind: type[RecordedV2]) -> None:
    recorded = kind([person_v2(number) for number in range(1, 31)])
    people, summary = read(recorded)
    assert len(people) == 30
    assert not summary.complete
    assert codes(summary.notes) == ["list_without_end"]
    assert recorded.paths().count("/v2/persons") <= 1 + MOST_PAGES_WITHOUT_NEWS


def test_a_list_of_names_that_never_ends_is_left_as_well() -> None:
    class Names(RecordedV2):
        def _list(self, asked: Asked) -> Answer:
            answer = super()._list(asked)
            if asked.path != "/v2/workplaces":
                return answer
            links = {"next": {"href": "/v2/workplaces?cursor=again"}}
            rows = [{"id": "130551", "name": "Kiel"}]
            return as_json({"_data": rows, "_meta": {"links": links}})

    recorded = Names([person_v2(1)])
    people, _ = read(recorded)
    assert people[0].office == "Kiel"
    assert recorded.paths().count("/v2/workplaces") == 2


def test_a_page_without_links_says_nothing_of_an_end() -> None:
    class Bare(RecordedV2):
        def _persons(self, offset: int) -> Answer:
            return as_json({"_data": self.people})

    _, summary = read(Bare([person_v2(1)]))
    assert not summary.complete


def test_the_token_goes_to_no_other_host_whatever_a_link_names() -> None:
    elsewhere = RecordedV2()

    class Leading(RecordedV2):
        def links(self, following: str | None) -> dict[str, Any]:
            links = super().links(following)
            if following:
                links["next"]["href"] = f"{elsewhere.url}/v2/persons?cursor={following}"
            return links

    with serving(elsewhere):
        people, summary = read(Leading([person_v2(number) for number in range(1, 101)]))
    assert len(people) == 100
    assert summary.complete
    assert elsewhere.asked == []


def broken_for(*numbers: int) -> Any:
    lost = {f"/v2/persons/{number}/employments" for number in numbers}
    return lambda number, asked: failure(502, 0, "x") if asked.path in lost else None


def test_employments_that_never_come_are_counted_and_keep_nobody_away() -> None:
    recorded = company(60)
    recorded.meddle = broken_for(3, 55)
    people, summary = read(recorded, tries=2)
    assert len(people) == 60
    unknown = [employee.id for employee in people if employee.status is UNKNOWN]
    assert unknown == ["3", "55"]
    assert not summary.complete
    assert summary.notes[0].params == {"count": "2"}


def test_a_server_that_delivers_no_employments_is_down() -> None:
    recorded = company(60)
    recorded.meddle = broken_for(3, 4, 5)
    with pytest.raises(PersonioUnreachable, match="HTTP 502"):
        read(recorded, tries=2)


def test_somebody_who_is_deleted_meanwhile_makes_the_read_incomplete_and_no_more() -> None:
    recorded = company(10)
    recorded.meddle = lambda number, asked: (
        problem(404) if asked.path == "/v2/persons/7/employments" else None
    )
    people, summary = read(recorded)
    assert len(people) == 10
    assert not summary.complete
    assert codes(summary.notes) == ["employments_lost"]


def test_a_page_of_persons_that_never_comes_ends_the_read() -> None:
    recorded = company(120)
    recorded.meddle = lambda number, asked: failure(500, 0, "x") if asked.query[1:] else None
    with pytest.raises(PersonioUnreachable, match="HTTP 500"):
        read(recorded, tries=2)


@pytest.mark.parametrize("content", [{}, {"_data": {}}, {"data": []}])
def test_something_else_than_a_list_is_not_personio(content: object) -> None:
    recorded = company(1)
    recorded.meddle = lambda number, asked: None if "auth" in asked.path else as_json(content)
    with pytest.raises(PersonioMisbehaved, match="something else than a list"):
        read(recorded)


def test_an_id_that_is_no_number_cannot_lead_elsewhere() -> None:
    recorded = RecordedV2([person_v2(1, id="../auth/token?x")])
    people, _ = read(recorded)
    assert [employee.id for employee in people] == ["../auth/token?x"]
    assert "/v2/persons/..%2Fauth%2Ftoken%3Fx/employments" in recorded.paths()
    assert recorded.logins == 1


def test_leaving_a_read_half_way_asks_for_nothing_more() -> None:
    recorded = company(500)
    with client(recorded) as personio:
        next(iter(personio.employees(ATTRIBUTES)))
    assert recorded.paths().count("/v2/persons") <= 3
    assert len(recorded.asked) < 200
