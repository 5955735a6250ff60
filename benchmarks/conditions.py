"""Where and when a figure was measured, since it means nothing without."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def conditions() -> str:
    """The processor, its cores, the Python and the day, in a line."""
    day = datetime.now(UTC).date().isoformat()
    cores = len(os.sched_getaffinity(0))
    return f"{_processor()}, {cores} cores, Python {platform.python_version()}, {day}"


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    named = (line.partition(":")[2] for line in lines if line.startswith("model name"))
    return " ".join(next(named, platform.machine()).split())
