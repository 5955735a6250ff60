"""What kept a run from going through, as a heading; the exact finding stands beside it."""

from __future__ import annotations

from django.utils.translation import gettext

from rollcall.imports.labels import state_label
from rollcall.imports.models import Run, RunState
from rollcall.imports.source_accounts import source_label


def title(run: Run) -> str:
    """What happened, in a few words; "" for a run that went through or is on its way."""
    if run.state == RunState.STOPPED:
        return gettext("Stopped before anything was written")
    if run.state == RunState.CANCELLED:
        return state_label(run.state)
    if run.state != RunState.FAILED:
        return ""
    return {
        "source": gettext("{source} could not be read").format(
            source=source_label(run.account_key)
        ),
        "directory": gettext("The directory could not be used"),
        "settings": gettext("A setting or a kept secret cannot be used"),
    }.get(run.error_code, gettext("Rollcall met an error of its own"))
