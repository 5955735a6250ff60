"""What Personio can answer with when it does not do as asked.

    PersonioError
    ├── CredentialsRefused     permanent: the Client ID or the Client Secret is wrong
    ├── AccessDenied           permanent: the credential lacks a right or a needed attribute
    ├── PersonioMisbehaved     permanent: an answer that the documentation does not know
    └── PersonioUnreachable    may pass: no usable answer, however often it was asked

    SettingsError                the account's settings cannot be used; nothing was sent

Each message is one line: what happened, and what to do next. None carries a value of a person,
a secret, or Personio's own text (which is odd, German, or both; the status says more).
"""

from __future__ import annotations

from collections.abc import Sequence


class PersonioError(Exception):
    """Personio as a whole cannot be used. `permanent` says that trying again will not help."""

    permanent: bool = True


class CredentialsRefused(PersonioError):
    """Personio does not know the Client ID or the Client Secret, or takes none of their tokens."""


class AccessDenied(PersonioError):
    """The credentials are right, and what they may read is not enough.

    `attributes` names the essential attributes that are missing; it is empty where the right to
    read employees is missing altogether.
    """

    def __init__(self, message: str, attributes: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.attributes = tuple(attributes)


class PersonioMisbehaved(PersonioError):
    """The answer is well formed, and not one that Personio's documentation describes."""


class PersonioUnreachable(PersonioError):
    """No usable answer: no connection, time-outs, server errors, or pages that are not JSON."""

    permanent = False


class SettingsError(Exception):
    """A setting is missing or cannot be used; `names` are the environment names concerned."""

    def __init__(self, message: str, *names: str) -> None:
        super().__init__(message)
        self.names = names
