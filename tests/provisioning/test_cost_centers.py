"""What happens to a value on its way into the directory."""

from __future__ import annotations

import math

import pytest

from rollcall.provisioning.cost_centers import cost_center_text
from rollcall.provisioning.employee import CostCenter
from tests.provisioning.world import codes, differences, employee, planned, the_change, user


def test_markup_in_a_position_arrives_as_the_text_that_it_is() -> None:
    change = the_change(employee(position="<script>alert(1)</script>"), user())
    assert differences(change)["jobTitle"] == ("Buyer", "<script>alert(1)</script>")


def test_a_value_beyond_the_directory_s_limit_is_cut_with_a_warning() -> None:
    change = the_change(employee(position="x" * 1025), user())
    assert change.after("jobTitle") == "x" * 1024
    assert [one.text() for one in change.warnings] == [
        "The value for jobTitle is longer than the directory takes and is cut to 1024 characters."
    ]


def test_a_value_of_exactly_the_limit_is_no_warning() -> None:
    assert not codes(the_change(employee(position="x" * 1024), user()))


def test_a_single_cost_center_is_its_name() -> None:
    assert cost_center_text([CostCenter(" Sales ", 100.0)]) == "Sales"


def test_several_cost_centers_become_one_value_with_the_largest_share_first() -> None:
    shares = [CostCenter("Support", 40.0), CostCenter("Sales", 60.0)]
    assert cost_center_text(shares) == "Sales (60 %), Support (40 %)"


def test_equal_shares_stand_in_the_order_of_their_names() -> None:
    shares = [CostCenter("B", 50.0), CostCenter("A", 50.0)]
    assert cost_center_text(shares) == "A (50 %), B (50 %)"


def test_percentages_have_no_trailing_zeros() -> None:
    shares = [CostCenter("A", 33.333333), CostCenter("B", 12.5), CostCenter("C", 0.0)]
    assert cost_center_text(shares) == "A (33.33 %), B (12.5 %), C (0 %)"


@pytest.mark.parametrize("missing", [None, math.nan, math.inf])
def test_a_cost_center_without_a_percentage_comes_last_as_its_name(missing: float | None) -> None:
    assert cost_center_text([CostCenter("A", missing), CostCenter("B", 5.0)]) == "B (5 %), A"


def test_cost_centers_without_a_name_are_left_out() -> None:
    assert cost_center_text([CostCenter(" ", 50.0), CostCenter("A", 50.0)]) == "A"
    assert cost_center_text([]) == ""


def test_a_value_that_is_clean_in_one_place_is_cleaned_in_every_other() -> None:
    people = [
        employee("1", status=" leave ", department=" leave "),
        employee("2", department=" leave ", office=" leave "),
    ]
    changes = planned(people, [user(1), user(2)])
    assert changes["1"].after("department") == "leave"
    assert changes["2"].after("location") == "leave"
