"""The organization's settings: the state that new users get, by where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from rollcall.directory.models import Organization
from rollcall.provisioning.user import State

CreationSource: TypeAlias = Literal["manualEntry", "csvImport", "applicationImport"]
"""JumpCloud's names (v1, organization, `settings.newSystemUserStateDefaults`)."""

CREATION_SOURCES: Final[tuple[CreationSource, ...]] = get_args(CreationSource)
DEFAULT_STATES: Final = (State.STAGED, State.ACTIVATED)
BULK: Final = "jumpcloud:bulk"
"""The creation source of bulk requests, which counts as a CSV import (JumpCloud v2, bulk/users)."""


@dataclass(frozen=True, slots=True)
class DefaultStates:
    """The state that a new user gets unless the creator names one."""

    manualEntry: State
    csvImport: State
    applicationImport: State


def default_states() -> DefaultStates:
    """The settings as they are."""
    organization = Organization.the()
    return DefaultStates(*(State(getattr(organization, source)) for source in CREATION_SOURCES))


def set_default_states(changes: Mapping[CreationSource, State]) -> DefaultStates:
    """Change these of the settings; returns all as they are now.

    Raises:
        ValueError: a creation source that does not exist, or a state that no new user may have.
    """
    for source, state in changes.items():
        if source not in CREATION_SOURCES:
            raise ValueError(f"{source} is none of {', '.join(CREATION_SOURCES)}")
        if state not in DEFAULT_STATES:
            raise ValueError(f"new users may be {' or '.join(DEFAULT_STATES)}, not {state}")
    organization = Organization.the()
    if changes:
        values = {source: State(state).value for source, state in changes.items()}
        Organization.objects.filter(id=organization.id).update(**values)
    return default_states()


def creation_state(creation_source: str) -> State:
    """The state of a user that a bulk request makes under this creation source."""
    states = default_states()
    return states.csvImport if creation_source == BULK else states.applicationImport
