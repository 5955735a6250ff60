"""Of several records with one id the one modified last counts, in whatever order they come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from rollcall.provisioning.employee import UNKNOWN, Employee
from rollcall.sources.newest import Newest

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
OLDER = Employee("7", last_name="Brandt", last_modified=NOON)
NEWER = Employee("7", last_name="Weiß", last_modified=NOON + timedelta(seconds=1))

moments = st.one_of(
    st.none(),
    st.just(UNKNOWN),
    st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours)),
)
records = st.lists(
    st.builds(
        Employee,
        id=st.sampled_from(["1", "2", "3"]),
        last_name=st.sampled_from(["Brandt", "Weiß"]),
        last_modified=moments,
        custom=st.dictionaries(st.just("dynamic_1"), st.sampled_from(["S", "M"])),
    ),
    max_size=12,
)


def verdict(records: list[tuple[int, Employee]]) -> tuple[dict[str, Employee], list[str]]:
    """Whose record counts in the end, by id; and the warnings' codes."""
    newest = Newest()
    counting = {
        employee.id: employee for place, employee in records if newest.takes(employee, place)
    }
    assert len(newest) == len(counting)
    return counting, [note.code for note in newest.notes()]


def test_the_newer_record_counts_in_both_orders_and_the_employee_is_named() -> None:
    for crowd in ([OLDER, NEWER], [NEWER, OLDER]):
        newest = Newest()
        counting = [employee for at, employee in enumerate(crowd) if newest.takes(employee, at)]
        assert counting[-1] == NEWER
        (note,) = newest.notes()
        assert (note.code, dict(note.params)) == (
            "repeated_employees",
            {"count": "1", "employees": "7"},
        )


def test_a_record_that_tells_no_moment_gives_way_to_one_that_does() -> None:
    silent = replace(OLDER, last_name="Öst", last_modified=UNKNOWN)
    for crowd in ([silent, OLDER], [OLDER, silent]):
        assert verdict(list(enumerate(crowd)))[0] == {"7": OLDER}


def test_without_moments_the_first_in_the_list_counts_whichever_page_comes_first() -> None:
    first, second = (replace(either, last_modified=UNKNOWN) for either in (OLDER, NEWER))
    for crowd in ([(0, first), (100, second)], [(100, second), (0, first)]):
        assert verdict(crowd) == ({"7": first}, ["repeated_employees"])


def test_the_same_record_again_is_neither_taken_nor_told() -> None:
    assert verdict([(0, NEWER), (99, NEWER)]) == ({"7": NEWER}, [])
    assert verdict([(99, NEWER), (0, NEWER)]) == ({"7": NEWER}, [])


def test_records_that_differ_in_a_custom_attribute_alone_are_two() -> None:
    small, large = (replace(OLDER, custom={"dynamic_1": size}) for size in ("S", "L"))
    assert verdict([(1, large), (0, small)]) == ({"7": small}, ["repeated_employees"])


@given(records, st.randoms(use_true_random=False))
def test_the_verdict_does_not_depend_on_the_order_in_which_records_come(
    records: list[Employee], random: Random
) -> None:
    in_place = list(enumerate(records))
    assert verdict(random.sample(in_place, len(in_place))) == verdict(in_place)
