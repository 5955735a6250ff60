"""Times as the vendor writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(value: datetime) -> str:
    """A time in the vendor's form: UTC (as a naive one is), milliseconds, `Z`."""
    there = value.astimezone(UTC) if value.tzinfo not in {None, UTC} else value
    # Cut before the offset, which is +00:00 by now or was left out.
    return f"{there.isoformat(timespec='milliseconds')[:23]}Z"
