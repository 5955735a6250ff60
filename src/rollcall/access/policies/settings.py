"""What may be set of conditional access."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from rollcall.core.sections import Section


class PolicySettings(Section):
    """Conditional access."""

    model_config = SettingsConfigDict(env_prefix="ROLLCALL_")

    policy_confirm_percent: int = Field(
        20,
        ge=0,
        le=100,
        description="A change of the policies that would have kept out more than this share of the "
        "people who signed in during the last 30 days must be confirmed.",
    )
