"""How `rollcall` ends: one line for the person, one exit status for the script."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from rollcall.cli.console import errors


class Exit(enum.IntEnum):
    """The exit statuses, as `docs/cli.md` lists them."""

    DONE = 0
    ATTENTION = 1
    USAGE = 2
    SOURCE = 3
    DIRECTORY = 4
    SAFEGUARD = 5


OF_ERROR_CODE = {
    "": Exit.ATTENTION,
    "source": Exit.SOURCE,
    "directory": Exit.DIRECTORY,
    "settings": Exit.USAGE,
    "safeguard": Exit.SAFEGUARD,
    "internal": Exit.ATTENTION,
}
"""The exit status for each `Run.error_code`."""


def stop(status: Exit, line: str) -> typer.Exit:
    """Say the line on standard error; raise what comes back to end with the status."""
    from rich.markup import escape

    errors().print(f"[bold red]rollcall:[/] {escape(line)}", soft_wrap=True, highlight=False)
    return typer.Exit(int(status))


@contextmanager
def in_one_line() -> Iterator[None]:
    """Turn every error that has a clear line of its own into that line and its exit status."""
    from django.db import DatabaseError

    from rollcall.core.configuration import ConfigurationError
    from rollcall.core.errors import Problem
    from rollcall.jobs.errors import EngineUnavailable
    from rollcall.sources.errors import SourceError
    from rollcall.targets.errors import TargetError

    try:
        yield
    except EngineUnavailable as error:
        raise stop(Exit.DIRECTORY, str(error)) from None
    except (ConfigurationError, Problem) as error:
        raise stop(Exit.USAGE, str(error)) from None
    except SourceError as error:
        raise stop(Exit.SOURCE, str(error)) from None
    except TargetError as error:
        raise stop(Exit.DIRECTORY, str(error)) from None
    except DatabaseError as error:
        name = type(error).__name__
        line = f"the database does not do as asked ({name}); check ROLLCALL_DATABASE_URL"
        raise stop(Exit.DIRECTORY, line) from None
