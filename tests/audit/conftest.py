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
    file = Path(settings.DATA_DIR) / known_end.FILE
    file.unlink(missing_ok=True)
    yield
    file.unlink(missing_ok=True)
