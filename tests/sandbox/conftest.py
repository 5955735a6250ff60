"""The ordinary account: 250 people, no faults, every switch at its default."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rollcall.sandbox.company import Company

from .world import Caller, account


@pytest.fixture(scope="module")
def _ordinary() -> Iterator[Caller]:
    with account(Company(people=250)) as caller:
        yield caller


@pytest.fixture
def caller(_ordinary: Caller) -> Caller:
    """Somebody signed in to the ordinary account with a v1 token."""
    _ordinary.sign_in()
    return _ordinary
