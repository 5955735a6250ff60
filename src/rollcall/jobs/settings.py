"""What may be set of waiting: for a database, for a source, for another process."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from rollcall.core.sections import Section


class WaitingSettings(Section):
    """Waiting. All in seconds; docs/operations.md tells what happens meanwhile."""

    model_config = SettingsConfigDict(env_prefix="ROLLCALL_")

    take_over_after: float = Field(
        30.0,
        ge=1,
        le=3600,
        description="A process that was not heard of for so long is taken for dead, and another "
        "one goes on with its imports. On one machine a dead one is known at once.",
    )
    database_timeout: float = Field(
        30.0,
        gt=0,
        le=600,
        description="How long a statement waits for a lock of the database.",
    )
    source_patience: float = Field(
        600.0,
        ge=0,
        le=86_400,
        description="How long an import waits for a source that is away and has answered before, "
        "until it fails.",
    )
    scheduled_source_patience: float = Field(
        3600.0, ge=0, le=86_400, description="The same of a scheduled import, which nobody watches."
    )
    longest_wait: float = Field(
        15.0,
        gt=0,
        le=600,
        description="The longest pause between two tries while the database cannot be used.",
    )
