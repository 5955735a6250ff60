"""What may be set of Personio from outside; the portal keeps the same of a connected account."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from rollcall.core.sections import Form, Secret, Section, Without

PERSONIO_HOST: Final = "api.personio.de"
DEFAULT_URL: Final = f"https://{PERSONIO_HOST}"


class PersonioSettings(Section):
    """The Personio account that the commands read."""

    model_config = SettingsConfigDict(env_prefix="PERSONIO_")

    client_id: str = Field(
        "",
        description="The Client ID, from Personio under Settings, Integrations, API credentials.",
    )
    client_secret: Secret = Field(
        SecretStr(""), description="The Client Secret that was shown with it."
    )
    url: str = Field(DEFAULT_URL, description="The API's address, without its version.")
    api_version: Annotated[str, Form("`auto`, `v1` or `v2`")] = Field(
        "auto",
        description="The version of the API that is spoken; `auto` is v1 where the credential "
        "allows it, else v2.",
    )
    account: Annotated[str, Form("a name of at most 32 letters, digits and hyphens")] = Field(
        "",
        description="A name for the account, where several are imported from one address, so that "
        "their employee ids are told apart.",
    )
    requests_per_minute: Annotated[
        int | None,
        Without("v1: 300 for Personio's own address, 0 for others; v2: as its answers tell"),
    ] = Field(
        None,
        ge=0,
        le=99_999_999,
        description="How fast Personio is asked; 0 is no limit.",
    )
    timeout: float = Field(
        30.0, gt=0, le=3600, allow_inf_nan=False, description="Seconds to wait for one answer."
    )


SECTION: Final = PersonioSettings
