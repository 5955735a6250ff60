"""What a policy's CEL expression can speak of."""

from __future__ import annotations

from functools import cache
from typing import Final

from rollcall.core.expressions import Language, Type

VARIABLES: Final = {
    "user_id": Type.TEXT,
    "group_ids": Type.TEXTS,
    "resource": Type.TEXT,
    "application_id": Type.TEXT,
    "ip": Type.TEXT,
    "country": Type.TEXT,
    "device_managed": Type.FLAG,
    "device_encrypted": Type.FLAG,
    "operating_system": Type.TEXT,
    "os_version": Type.TEXT,
    "mfa_configured": Type.FLAG,
    "mfa": Type.FLAG,
    "now": Type.TIME,
}
"""The names and types that an expression may use, as `Facts.named` fills them."""


@cache
def language() -> Language:
    """The language of policies."""
    return Language(VARIABLES)
