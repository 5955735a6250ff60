"""What holds for every plan, whatever Personio and the directory contain."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.core.user_fields import MAX_LENGTH
from rollcall.provisioning.change import WRITING, Change, Kind
from rollcall.provisioning.directory_index import DirectoryIndex
from rollcall.provisioning.employee import Employee
from rollcall.provisioning.employee_ids import is_valid_id
from rollcall.provisioning.outline import Outline
from rollcall.provisioning.plan import plan
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.safeguards import Safeguards, Totals, brake
from rollcall.provisioning.serialization import change_from_record, change_to_record
from rollcall.provisioning.user import State, User
from tests.provisioning import strategies as some
from tests.provisioning.world import applied

quick = settings(max_examples=100, deadline=None)
World = tuple[list[Employee], list[User]]


@quick
@given(some.careless_worlds, some.rules())
def test_every_employee_has_exactly_one_change_and_every_reason_a_sentence(
    world: World, rules: Rules
) -> None:
    crowd, users = world
    made = plan(crowd, users, rules)
    assert sorted(one.employee_id for one in made.changes) == sorted({one.id for one in crowd})
    totals = Totals.of(made.changes, {one.id: one for one in users})
    strict = Safeguards(min_suspensions=0, min_blanked=0, min_read_share=1)
    stop = brake(totals, DirectoryIndex.of(users), strict)
    for reason in (*made.warnings, *([stop] if stop else [])):
        assert reason.text()
    for change in made.changes:
        assert all(reason.text() for reason in (change.reason, *change.warnings))
        assert change.name or not is_valid_id(change.employee_id)


@quick
@given(some.careless_worlds, some.rules())
def test_usernames_are_valid_and_unique(world: World, rules: Rules) -> None:
    crowd, users = world
    made = plan(crowd, users, rules)
    given_names = [one.after("username") for one in made.changes if one.kind is Kind.CREATE]
    for name in given_names:
        assert name is not None
        assert re.fullmatch(r"[a-z][a-z0-9._-]{0,19}", name)
    assert len(set(given_names)) == len(given_names)
    assert not {one.username.lower() for one in users} & set(given_names)


@quick
@given(some.careless_worlds, some.rules(), st.randoms(use_true_random=False))
def test_the_plan_does_not_depend_on_the_order_of_its_input(
    world: World, rules: Rules, random: Random
) -> None:
    crowd, users = world
    one = plan(crowd, users, rules)
    crowd, users = random.sample(crowd, len(crowd)), random.sample(users, len(users))
    other = plan(crowd, users, rules)
    assert one == other
    assert [c.reason.text() for c in one.changes] == [c.reason.text() for c in other.changes]


@settings(max_examples=200, deadline=None)
@given(some.careless_worlds, some.rules(), st.integers(1, 5), st.randoms(use_true_random=False))
def test_a_plan_made_in_stretches_is_the_plan_made_at_once(
    world: World, rules: Rules, size: int, random: Random
) -> None:
    crowd = list({one.id: one for one in world[0]}.values())
    at_once = plan(crowd, world[1], rules)
    listed, users = {one.id: one for one in crowd}, {one.id: one for one in world[1]}
    random.shuffle(crowd)
    outline = Outline.of(crowd, DirectoryIndex.of(users.values()), rules)
    changes: list[Change] = []
    for ids in in_parts(outline.employee_ids(), size):
        asked = outline.user_ids(ids)
        these = {user_id: users[user_id] for user_id in random.sample(asked, len(asked))}
        changes += outline.changes([listed[one] for one in ids], these)
    assert tuple(changes) == at_once.changes
    assert outline.warnings == at_once.warnings


def in_parts(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    left = iter(ids)
    while some_ids := list(islice(left, size)):
        yield some_ids


@settings(max_examples=200, deadline=None)
@given(some.worlds, some.rules(), st.randoms(use_true_random=False))
def test_a_second_import_changes_nothing(world: World, rules: Rules, random: Random) -> None:
    crowd, users = world
    first = plan(crowd, users, rules)
    after = applied(first, users, random)
    second = plan(crowd, after, rules)
    assert [one for one in second.changes if one.kind in WRITING] == []


@quick
@given(some.careless_worlds, some.rules(complete=False))
def test_an_incomplete_read_never_takes_anything_away(world: World, rules: Rules) -> None:
    crowd, users = world
    for change in plan(crowd, users, rules).changes:
        assert change.kind is not Kind.SUSPEND
        assert change.after("state") != State.SUSPENDED.value
        for one in change.fields:
            to_come = change.manager is not None and change.manager.employee_id is not None
            assert not one.before or one.after or (one.field == "manager" and to_come)


@quick
@given(some.careless_worlds, some.rules())
def test_every_change_can_be_stored_and_read_back(world: World, rules: Rules) -> None:
    crowd, users = world
    for change in plan(crowd, users, rules).changes:
        record = json.loads(json.dumps(change_to_record(change)))
        assert change_from_record(record) == change


@quick
@given(some.careless_worlds, some.rules())
def test_what_is_written_is_clean_and_fits_the_directory(world: World, rules: Rules) -> None:
    crowd, users = world
    for change in plan(crowd, users, rules).changes:
        for one in change.fields:
            after = one.after or ""
            assert len(after) <= MAX_LENGTH.get(one.field, 1024)
            assert after == after.strip()
            after.encode()
            assert not re.search("[\x00-\x1f\x7f-\x9f]", after)
