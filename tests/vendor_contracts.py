"""Where the vendors' own API descriptions are, against which requests and answers are checked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"
MISSING = (
    "the vendors' API descriptions are not part of a checkout: put them into ../shared/contracts, "
    "or name their folder by ROLLCALL_CONTRACTS"
)

NO_GETTEXT = "gettext's programs are not on this machine (apt-get install gettext)"


def contracts_folder(named: str = "", shared: Path = SHARED) -> Path:
    """The folder of the vendors' API descriptions: the one that is named, else beside the checkout.

    Skips the test on a checkout alone; fails where the folder is named, or what it stands in is
    there, and the descriptions are not.
    """
    named = named or os.environ.get("ROLLCALL_CONTRACTS", "")
    folder = Path(named) if named else shared / "contracts"
    if not any(folder.glob("*.json")):
        if named or shared.is_dir():
            pytest.fail(f"{folder} holds no API descriptions")
        pytest.skip(MISSING)
    return folder


def missing(reason: str) -> None:
    """Skip the test because something is not on this machine; under CI nothing may be missing."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
