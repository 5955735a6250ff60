"""What goes into the log when a page breaks: where it broke, and nobody's values."""

from __future__ import annotations

import logging
import traceback
from typing import Any, Final


class WithoutValues(logging.Formatter):
    """One line for what happened, then the frames of an error with its type.

    An error's own text may hold the values of a person (a database names the e-mail that is taken),
    and an address may be a one-time link: neither is written; the route is.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as it stands in the log."""
        line = f"{record.levelname} {record.name}: {_told(record)}"
        if not record.exc_info or record.exc_info[1] is None:
            return line
        error = record.exc_info[1]
        frames = "".join(traceback.format_tb(error.__traceback__))
        return f"{line}: {type(error).__name__}\n{frames}".rstrip()


def _told(record: logging.LogRecord) -> str:
    request: Any = getattr(record, "request", None)
    if request is None:
        return record.getMessage()
    match = getattr(request, "resolver_match", None)
    status = getattr(record, "status_code", "")
    return f"{status} {request.method} {match.route if match else 'an unknown address'}"


SETTINGS: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"without values": {"()": WithoutValues}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "without values",
            "level": "ERROR",
        }
    },
    "loggers": {"django.request": {"handlers": ["stderr"]}},
}
"""Django's `LOGGING`: without it, a page that breaks leaves no trace at all."""
