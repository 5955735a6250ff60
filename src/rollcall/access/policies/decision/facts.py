"""What is known of somebody who wants to come in; what is not known is None."""

from __future__ import annotations

import enum
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

Truth: TypeAlias = bool | None
"""Yes, no, or not known (Kleene's three values)."""


class ResourceType(enum.StrEnum):
    """What somebody wants to come into, in the vendor's words (JumpCloud v2, AuthnPolicyType)."""

    USER_PORTAL = "user_portal"
    ADMIN_PORTAL = "admin_portal"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class Resource:
    """One portal, or the application with this id."""

    type: ResourceType
    id: str = ""


class Factor(enum.StrEnum):
    """What somebody proves who they are with."""

    PASSWORD = "password"  # noqa: S105 - no password
    TOTP = "totp"
    WEBAUTHN = "webauthn"
    RECOVERY_CODE = "recovery_codes"


SECOND_FACTORS = frozenset({Factor.TOTP, Factor.WEBAUTHN, Factor.RECOVERY_CODE})


@dataclass(frozen=True, slots=True)
class Device:
    """What is known of the device; nothing, until there are devices."""

    managed: Truth = None
    encrypted: Truth = None
    operating_system: str | None = None
    os_version: str | None = None


UNKNOWN_DEVICE = Device()


@dataclass(frozen=True)
class Facts:
    """Who wants to come in where, when and from where, and what they have proved.

    `user_id` is the directory user's, "" for an account without one, `account_id` the account's, ""
    where only the user is known. `address` is the client's,
    "" where it is not known; `country` is ISO 3166's two letters. `proved` holds each factor with
    the time at which it was given. `at` carries a zone.
    """

    user_id: str
    resource: Resource
    at: datetime
    group_ids: frozenset[str] = frozenset()
    address: str = ""
    country: str | None = None
    device: Device = UNKNOWN_DEVICE
    mfa_configured: Truth = None
    proved: Mapping[Factor, datetime] = field(default_factory=dict)
    account_id: str = ""

    @property
    def person(self) -> str:
        """Who it is, the same at each sign-in."""
        return self.user_id or f"account:{self.account_id}"

    @cached_property
    def named(self) -> dict[str, Any]:
        """The facts by the names that an expression has for them.

        What is not known is left out, and makes what needs it unknown.
        """
        device = self.device
        told = {
            "user_id": self.user_id,
            "group_ids": list(self.group_ids),
            "resource": self.resource.type.value,
            "application_id": self.resource.id,
            "ip": self.address or None,
            "country": self.country,
            "device_managed": device.managed,
            "device_encrypted": device.encrypted,
            "operating_system": device.operating_system,
            "os_version": device.os_version,
            "mfa_configured": self.mfa_configured,
            "mfa": not SECOND_FACTORS.isdisjoint(self.proved),
            "now": self.at,
        }
        return {name: value for name, value in told.items() if value is not None}

    @cached_property
    def ip(self) -> tuple[int, int] | None:
        """The address as its version and number; None where it is none, or not known."""
        try:
            address = ipaddress.ip_address(self.address)
        except ValueError:
            return None
        # A socket that takes both versions shows a client of version 4 inside of one of 6.
        mapped = getattr(address, "ipv4_mapped", None) or address
        return mapped.version, int(mapped)

    @cached_property
    def _clocks(self) -> dict[str, datetime]:
        return {}

    def there(self, zone: ZoneInfo) -> datetime:
        """The time in this zone."""
        # Kept, since hundreds of conditions ask for the same few zones.
        local = self._clocks.get(zone.key)
        if local is None:
            local = self._clocks[zone.key] = self.at.astimezone(zone)
        return local

    def as_json(self) -> dict[str, Any]:
        """These facts for an event; `from_json` reads them again."""
        return {
            "user": self.user_id,
            "account": self.account_id,
            "groups": sorted(self.group_ids),
            "resource": {"type": self.resource.type.value, "id": self.resource.id},
            "at": self.at.astimezone(UTC).isoformat(),
            "address": self.address,
            "country": self.country,
            "managed": self.device.managed,
            "encrypted": self.device.encrypted,
            "operating_system": self.device.operating_system,
            "os_version": self.device.os_version,
            "mfa_configured": self.mfa_configured,
            "proved": {
                factor.value: at.astimezone(UTC).isoformat() for factor, at in self.proved.items()
            },
        }


def from_json(stored: Mapping[str, Any]) -> Facts | None:
    """The facts that `as_json` has written; None where they are not whole, as after an erasure."""
    try:
        return Facts(
            user_id=str(stored["user"]),
            account_id=str(stored["account"]),
            resource=Resource(
                ResourceType(stored["resource"]["type"]), str(stored["resource"]["id"])
            ),
            at=datetime.fromisoformat(stored["at"]),
            group_ids=frozenset(map(str, stored["groups"])),
            address=str(stored["address"]),
            country=stored["country"],
            device=Device(
                stored["managed"],
                stored["encrypted"],
                stored["operating_system"],
                stored["os_version"],
            ),
            mfa_configured=stored["mfa_configured"],
            proved={
                Factor(factor): datetime.fromisoformat(at)
                for factor, at in stored["proved"].items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
