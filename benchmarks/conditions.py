"""Where and when a figure was measured, since it means nothing without."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path


def conditions(engine: str = "") -> str:
    """The processor, its cores, memory and Python, the day, and how busy the machine is otherwise.

    `engine` is the database's, where one takes part.
    """
    day = datetime.now(UTC).date().isoformat()
    cores = len(os.sched_getaffinity(0))
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    on = f"{engine}, " if engine else ""
    return (
        f"{on}{_processor()}, {cores} cores, {gigabytes:.0f} GB, Python "
        f"{platform.python_version()}, {day}, load {os.getloadavg()[0]:.1f} at the end"
    )


def spread(figures: Sequence[float], digits: int = 1) -> str:
    """The median of some measurements, and between which two they all lie."""
    median = f"{statistics.median(figures):.{digits}f}"
    if len(figures) == 1:
        return median
    return f"{median} ({min(figures):.{digits}f} to {max(figures):.{digits}f})"


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    named = (line.partition(":")[2] for line in lines if line.startswith("model name"))
    return " ".join(next(named, platform.machine()).split())
