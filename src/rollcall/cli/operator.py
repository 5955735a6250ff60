"""Who types the commands: the operating system's user, as every write names them."""

from __future__ import annotations

import getpass
import os
from contextlib import suppress

from rollcall.audit.actor import Actor, Door, Initiator


def operator() -> Actor:
    """The user of the operating system whose process this is."""
    return Actor(type=Initiator.ADMIN, door=Door.CLI, name=_name())


def _name() -> str:
    # the account of the process comes first: variables such as LOGNAME are whatever one sets
    with suppress(ImportError, AttributeError, KeyError):
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    with suppress(ImportError, KeyError, OSError):
        return getpass.getuser()
    return str(os.getuid()) if hasattr(os, "getuid") else "unknown"
