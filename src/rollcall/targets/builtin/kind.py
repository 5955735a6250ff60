"""The built-in directory as a kind of target: it needs no account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rollcall.provisioning.reason import gettext_noop
from rollcall.targets.base import Origin, Target, TargetKind


def account(settings: Mapping[str, str]) -> None:
    """Nothing: it is in our own database."""


def open_target(account: None, origin: Origin) -> Target:
    """The directory in our own database, whose users carry the ids of the account at `origin`."""
    from rollcall.targets.builtin.target import IMPORT, BuiltinTarget

    return BuiltinTarget(origin.source, actor=origin.actor or IMPORT)


KIND: Final = TargetKind(
    key="builtin",
    label=gettext_noop("Rollcall's own directory"),
    account=account,
    open=open_target,
)
