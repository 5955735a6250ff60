"""The organization's settings: the state that new users get, by where they come from."""

from __future__ import annotations

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


def creation_state(creation_source: str) -> State:
    """The state of a user that a bulk request makes under this creation source."""
    states = default_states()
    return states.csvImport if creation_source == BULK else states.applicationImport
