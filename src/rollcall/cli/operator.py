"""Who types the commands: the operating system's user, as every write names them."""

from __future__ import annotations

import getpass
import os
from contextlib import suppress

from rollcall.audit.actor import Actor, Door, Initiator


def operator() -> Actor:
    """The user of the operating system whose process this is."""
    return Actor(type=Initiator.ADMIN, door=Door.CLI, name=_name())


def note_reading(what: str, form: str, **narrowed: object) -> None:
    """Write down that the operator reads people out, before they are printed.

    `form` is how they are printed (`table` or `json`); of what narrowed them down only the names
    are kept, since what was searched for may be a person.
    """
    from rollcall.audit.actions import Action
    from rollcall.audit.recording import Target, record

    details = {"format": form, "narrowed_by": sorted(name for name in narrowed if narrowed[name])}
    record(operator(), Action.DATA_EXPORT, Target("list", name=what), details=details)


def _name() -> str:
    # the account of the process comes first: variables such as LOGNAME are whatever one sets
    with suppress(ImportError, AttributeError, KeyError):
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    with suppress(ImportError, KeyError, OSError):
        return getpass.getuser()
    return str(os.getuid()) if hasattr(os, "getuid") else "unknown"
