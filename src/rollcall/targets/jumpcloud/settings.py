"""What may be set of JumpCloud from outside; the portal can keep the same, encrypted."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from rollcall.core.sections import Secret, Section, Without

DEFAULT_URL: Final = "https://console.jumpcloud.com"


class JumpCloudSettings(Section):
    """The JumpCloud organization that imports write to, where they do."""

    model_config = SettingsConfigDict(env_prefix="JUMPCLOUD_")

    api_key: Annotated[Secret, Without("the one entered in the portal")] = Field(
        SecretStr(""), description="An administrator's API key."
    )
    org_id: str = Field("", description="The organization's id, where the key opens several.")
    url: str = Field(DEFAULT_URL, description="The address of JumpCloud's console and API.")
