"""Colours for where a run stands."""

from __future__ import annotations

from rollcall.imports.models import RunState

RUN_CSS: dict[str, str] = {
    RunState.FETCHING.value: "working",
    RunState.PLANNING.value: "working",
    RunState.REVIEW.value: "review",
    RunState.APPLYING.value: "working",
    RunState.LINKING.value: "working",
    RunState.COMPLETED.value: "completed",
    RunState.FAILED.value: "failed",
    RunState.CANCELLED.value: "cancelled",
    RunState.STOPPED.value: "failed",
}
"""The end of the CSS class for where a run stands; its words are `imports.labels.state_label`."""
