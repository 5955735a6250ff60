"""What a directory can answer with when it does not do as asked.

TargetError
├── TargetRefused       permanent: the key, the right or the organization is wrong
└── TargetUnreachable   may pass: no usable answer after all retries
"""

from __future__ import annotations


class TargetError(Exception):
    """The directory as a whole cannot be used; the message says what to do next.

    Never carries a value of a person or a secret.
    """

    permanent: bool = True


class TargetRefused(TargetError):
    """The directory answered and said no: wrong key, missing right, unknown organization."""


class TargetUnreachable(TargetError):
    """The directory gave no usable answer, however often it was asked."""

    permanent = False
