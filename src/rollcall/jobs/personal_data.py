"""What the job engine keeps of a person: nothing; DBOS's own tables hold ids and counts."""

from __future__ import annotations

from rollcall.privacy.registry import Impersonal, Statement

STATEMENT = Statement(
    impersonal=(Impersonal(("jobs.Worker",), "processes, machines, and which runs they carry"),)
)
