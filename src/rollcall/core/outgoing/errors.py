"""Why an answer was not taken.

    OutgoingError
    ├── TooLong      more bytes than the bounds allow, packed or unpacked
    ├── TooSlow      the whole time of the call is over
    ├── Unreadable   packed in a way that was not asked for, or broken
    └── Stopped      the client was stopped meanwhile; nothing more is sent

The transport's own errors (`httpx.TransportError`) are passed on as they are.
"""

from __future__ import annotations


class OutgoingError(Exception):
    """No answer that could be used."""


class TooLong(OutgoingError):
    """The answer is longer than its bound."""


class TooSlow(OutgoingError):
    """The answer did not end within the time of the call, though bytes may still have come."""


class Unreadable(OutgoingError):
    """The answer is packed more than once, in an unknown way, or damaged."""


class Stopped(OutgoingError):
    """`Client.stop` was called."""
