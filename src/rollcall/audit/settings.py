"""What may be set of events: how long sign-ins are kept, and where events are handed on to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from rollcall.core.outgoing import addresses
from rollcall.core.sections import Secret, Section, Without, checked


def _destination(text: str) -> str:
    if "://" in text:
        addresses.Reachable.of(text)
    elif not Path(text).is_absolute():
        raise ValueError(text)
    return text


class EventSettings(Section):
    """Events."""

    model_config = SettingsConfigDict(env_prefix="ROLLCALL_")

    keep_sign_ins_days: int = Field(
        90,
        ge=1,
        le=99_999,
        description="How many days sign-ins and sign-ons are kept, and never longer than other "
        "events; the portal may say otherwise.",
    )
    events_to: Annotated[
        str,
        *checked(
            "an https address (plain http to this machine) or the whole path of a file",
            _destination,
        ),
        Without("what the portal says"),
    ] = Field(
        "",
        description="Where every event is handed on to: a collector that takes lines of JSON by "
        "POST, or a file.",
    )
    events_token: Annotated[Secret, Without("none")] = Field(
        SecretStr(""), description="What the collector is shown as `Authorization: Bearer`."
    )
