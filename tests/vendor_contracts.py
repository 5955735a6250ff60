"""Where the vendors' own API descriptions are, against which requests and answers are checked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
MISSING = "the vendors' API descriptions are not here; ROLLCALL_CONTRACTS names their folder"


def contracts_folder() -> Path:
    """The folder of the vendors' API descriptions; skips the test without it, fails under CI."""
    named = os.environ.get("ROLLCALL_CONTRACTS")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "contracts"
    if not folder.is_dir():
        missing(MISSING)
    return folder


def missing(reason: str) -> None:
    """Skip the test because something is not on this machine; under CI nothing may be missing."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
