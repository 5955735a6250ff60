"""What may be set of conditional access."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from rollcall.core.sections import Form, Section, Without


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
    country_file: Annotated[
        str, Form("the path of a `.mmdb` file, from the data folder on"), Without("none")
    ] = Field(
        "",
        description="A database of the countries of IP addresses in MaxMind's format, such as "
        "GeoLite2-Country, DB-IP's or IPinfo's. Without one no country is known. A file that is "
        "replaced is read anew.",
    )
