"""Which JumpCloud organization imports go to: of the settings from outside, or of the portal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.conf import settings

from rollcall.core import sealing
from rollcall.imports.errors import Unfit
from rollcall.imports.models import DirectoryChoice
from rollcall.targets.jumpcloud import Cloud

KEY: Final = "JUMPCLOUD_API_KEY"
ORGANIZATION: Final = "JUMPCLOUD_ORG_ID"
URL: Final = "JUMPCLOUD_URL"


def current() -> Cloud:
    """The account in use; its key is empty where none is set.

    A key from outside brings its own address and organization: what the portal stored belongs to
    another key. Without one, the stored account counts, and what is set from outside wins.

    Raises:
        TargetRefused: the address that is set is none.
        Unfit: the stored key cannot be opened.
    """
    outside = from_outside()
    return Cloud.of(outside if outside.get(KEY) else {**_stored(), **outside})


def from_outside() -> Mapping[str, str]:
    """What the environment and `rollcall.toml` say of JumpCloud, by name; empty values left out."""
    values = settings.CONFIGURATION.values
    return {name: values[name] for name in (KEY, ORGANIZATION, URL) if values.get(name)}


def _stored() -> dict[str, str]:
    choice = DirectoryChoice.the()
    try:
        key = sealing.unseal(bytes(choice.sealed_api_key)) if choice.sealed_api_key else ""
    except sealing.SealBroken as broken:
        raise Unfit(str(broken)) from None
    return {KEY: key, ORGANIZATION: choice.organization_id, URL: choice.url}
