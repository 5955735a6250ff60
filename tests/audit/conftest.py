"""What the tests of the audit room have in common."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from rollcall.audit import known_end


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    """No end of a chain is known from another test, whose database is gone."""
    yield
    (Path(settings.DATA_DIR) / known_end.FILE).unlink(missing_ok=True)
