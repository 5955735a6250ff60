"""Tests against the vendors' descriptions run wherever those are, and skip on a checkout alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.vendor_contracts import SHARED, contracts_folder

CONTRACTS = SHARED / "contracts"


def test_on_a_checkout_alone_they_skip_and_say_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROLLCALL_CONTRACTS", raising=False)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.skip.Exception, match=r"\.\./shared/contracts"):
        contracts_folder(shared=tmp_path / "shared")


def test_where_the_descriptions_should_be_their_absence_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROLLCALL_CONTRACTS", raising=False)
    (tmp_path / "shared" / "contracts").mkdir(parents=True)
    with pytest.raises(pytest.fail.Exception, match="holds no API descriptions"):
        contracts_folder(shared=tmp_path / "shared")
    with pytest.raises(pytest.fail.Exception, match="holds no API descriptions"):
        contracts_folder(named=str(tmp_path / "mistyped"))


@pytest.mark.skipif(not SHARED.is_dir(), reason="this is a checkout alone")
def test_where_they_are_they_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROLLCALL_CONTRACTS", raising=False)
    assert contracts_folder() == CONTRACTS
