"""A source that no room knows is registered and imported, without a line of it in `src/`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from rollcall.directory.models import ExternalIdentity, User
from rollcall.imports import runs
from rollcall.imports.errors import Unfit
from rollcall.imports.models import Run
from rollcall.imports.options import Options
from rollcall.sources import registry
from tests.imports.world import accounted, approved, imported, request
from tests.sources.toy import KIND, ToyAccount

pytestmark = pytest.mark.usefixtures("carrying_out")

ADA = "1;Ada;Byron;ada@example.org;member;"
BO = "2;Bo;Öst;bo@example.org;member;1"
CLUB = ToyAccount("chess", "open sesame", (ADA, BO))
LEFT = replace(CLUB, members=(ADA, BO.replace("member", "Gone")))


@pytest.fixture(autouse=True)
def toys() -> Iterator[None]:
    """The kind is known for as long as a test lasts."""
    registry.register(KIND)
    yield
    registry.unregister(KIND.key)


def states() -> dict[str, str]:
    """Where every user stands."""
    return dict(User.objects.values_list("email", "state"))


def test_its_people_become_users_that_carry_its_ids() -> None:
    run = imported(CLUB)
    accounted(run)
    assert run.counts == {"created": 2}
    identities = ExternalIdentity.objects.order_by("external_id")
    assert list(identities.values_list("source", "external_id", "user__email")) == [
        ("toy:chess", "1", "ada@example.org"),
        ("toy:chess", "2", "bo@example.org"),
    ]
    assert User.objects.get(email="bo@example.org").manager == User.objects.get(
        email="ada@example.org"
    )


def test_who_is_gone_by_its_own_word_is_suspended_the_next_day() -> None:
    imported(CLUB)
    User.objects.update(state="ACTIVATED")
    run = imported(LEFT)
    accounted(run)
    assert run.counts == {"unchanged": 1, "suspended": 1}
    assert states() == {"ada@example.org": "ACTIVATED", "bo@example.org": "SUSPENDED"}


def test_it_is_planned_reviewed_and_carried_out_like_any_other() -> None:
    planned = imported(CLUB, review=True)
    assert (planned.state, planned.counts) == ("review", {"create": 2})
    assert not User.objects.exists()
    assert approved(planned).counts == {"created": 2}


def test_nobody_is_told_of_attributes_that_it_does_not_have() -> None:
    assert imported(CLUB).warnings == []


def test_an_attribute_that_it_does_not_have_cannot_be_mapped() -> None:
    options = Options(extra_mapping=(("dynamic_1", "attributes.size"),))
    with pytest.raises(Unfit, match="Toy club has no attribute `dynamic_1`"):
        runs.start_here(request(CLUB, options=options))
    assert not Run.objects.exists()
