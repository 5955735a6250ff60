"""What Personio can answer with when it does not do as asked: the errors of every source.

Personio's own text is never shown: it is odd, German, or both, and the status says more.
"""

from __future__ import annotations

from rollcall.sources.errors import (
    AccessDenied,
    CredentialsRefused,
    SettingsError,
    SourceError,
    SourceMisbehaved,
    SourceUnreachable,
)

PersonioError = SourceError
PersonioMisbehaved = SourceMisbehaved
PersonioUnreachable = SourceUnreachable

__all__ = [
    "AccessDenied",
    "CredentialsRefused",
    "PersonioError",
    "PersonioMisbehaved",
    "PersonioUnreachable",
    "SettingsError",
]
