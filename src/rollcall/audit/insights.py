"""An event as Directory Insights shows it (JumpCloud Directory Insights API 1.0, POST /events)."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from rollcall.audit.actor import Initiator
from rollcall.audit.models import Event

ASKED_BY = {Initiator.ADMIN.value: "admin", Initiator.API_KEY.value: "admin"}
"""The vendor knows no initiator but `admin`, `user` and `system`: a key acts for an admin."""


def as_insights(event: Event, organization: str = "") -> dict[str, Any]:
    """The event in the vendor's names, ready for JSON; empty fields are left out.

    `organization` is the id of the organization, which this room does not know. `action` and
    `door` are ours.
    """
    shown = {
        "id": insights_id(event.pk),
        "event_type": event.event_type,
        "timestamp": event.timestamp.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "service": event.service,
        "organization": organization,
        "success": event.success,
        "error_message": event.reason,
        "client_ip": event.client_ip,
        "geoip": _geoip(event),
        "initiated_by": _initiated_by(event),
        "resource": _resource(event),
        "changes": event.changes,
        "auth_method": _auth_method(event),
        "action": event.action,
        "door": event.door,
        **event.details,
        "@version": "1",
    }
    # `"success": false` stays, which equals none of these.
    return {name: value for name, value in shown.items() if value not in ("", {}, [])}


def insights_id(key: int) -> str:
    """The id of an event in the vendor's form, 24 hexadecimal digits that sort by time."""
    return f"{key:024x}"


def _geoip(event: Event) -> dict[str, Any]:
    """The country that a decision saw somebody come from; nothing where none was known."""
    context = event.details.get("auth_context")
    decision = context.get("decision") if isinstance(context, dict) else None
    facts = decision.get("facts") if isinstance(decision, dict) else None
    country = facts.get("country") if isinstance(facts, dict) else None
    return {"country_code": country} if country else {}


def _initiated_by(event: Event) -> dict[str, Any]:
    name = "email" if "@" in event.actor_name else "username"
    by = {
        "id": event.actor_id,
        "type": ASKED_BY.get(event.actor_type, event.actor_type),
        name: event.actor_name,
        "source": event.door,
    }
    return {key: value for key, value in by.items() if value}


def _resource(event: Event) -> dict[str, Any]:
    resource = {
        "id": event.target_id,
        "type": event.target_type,
        "displayname": event.target_name,
    }
    return {key: value for key, value in resource.items() if value}


def _auth_method(event: Event) -> str:
    if event.actor_type == Initiator.API_KEY:
        return "api-key"
    return "session" if event.door == "portal" and event.actor_id else ""
