"""What a source of employees can answer with when it does not do as asked.

    SourceError
    ├── CredentialsRefused     permanent: who asks is not known, or the secret is wrong
    ├── AccessDenied           permanent: a right or an essential attribute is missing
    ├── SourceMisbehaved       permanent: an answer, or a file, that is none of this source
    └── SourceUnreachable      may pass: no usable answer, however often it was asked

    SettingsError (a Problem)  the account's settings cannot be used; nothing was sent

Each message is one line: what happened, and what to do next. None carries a value of a person,
a secret, or the source's own text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rollcall.core.errors import Problem


class SourceError(Exception):
    """The source as a whole cannot be used. `permanent` says that trying again will not help.

    `message` may have places in braces for `values`, so that the sentence can be told in another
    language.
    """

    permanent: bool = True

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values) if values else message)
        self.sentence, self.values = message, values

    def told(self, translate: Callable[[str], str]) -> str:
        """The sentence through `translate`."""
        sentence = translate(self.sentence)
        return sentence.format(**self.values) if self.values else sentence


class CredentialsRefused(SourceError):
    """The source does not know these credentials."""


class AccessDenied(SourceError):
    """The credentials are right, and what they may read is not enough.

    `attributes` names the essential attributes that are missing; it is empty where the right to
    read employees is missing altogether.
    """

    def __init__(self, message: str, attributes: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.attributes = tuple(attributes)


class SourceMisbehaved(SourceError):
    """What came is readable, and not what this source documents."""


class SourceUnreachable(SourceError):
    """No usable answer: no connection, time-outs, server errors, or somebody else answers."""

    permanent = False


class SettingsError(Problem):
    """A setting is missing or cannot be used; `names` are the variables concerned."""

    def __init__(self, message: str, *names: str) -> None:
        super().__init__(message)
        self.names = names
