"""What an event keeps of a decision: which policies were applied."""

from __future__ import annotations

from collections.abc import Sequence

from rollcall.audit.models import Event


def policies(event: Event) -> Sequence[str]:
    """The names of the policies that decided, as the event kept them."""
    context = event.details.get("auth_context")
    applied = context.get("policies_applied") if isinstance(context, dict) else None
    if not isinstance(applied, list):
        return ()
    names = (one.get("name") for one in applied if isinstance(one, dict))
    return tuple(dict.fromkeys(str(name) for name in names if name))
