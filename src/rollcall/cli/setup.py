"""Gets the installation ready before a command does its work: settings, data folder, database."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

import typer

from rollcall.cli.exits import Exit, in_one_line, stop
from rollcall.cli.loading import uncollected

P = ParamSpec("P")
R = TypeVar("R")


def ready(command: Callable[P, R]) -> Callable[P, R]:
    """Run the command with Django set up and the database migrated; errors become one line."""

    @wraps(command)
    def prepared(*args: P.args, **kwargs: P.kwargs) -> R:
        with in_one_line():
            set_up_django()
            migrate()
            return command(*args, **kwargs)

    return prepared


def ready_alone(command: Callable[P, None]) -> Callable[P, None]:
    """As `ready`, for what a group of commands does by itself: not where one of them is named.

    The command takes Typer's context as `context`.
    """
    prepared = ready(command)

    @wraps(command)
    def alone(*args: P.args, **kwargs: P.kwargs) -> None:
        if cast(typer.Context, kwargs["context"]).invoked_subcommand is None:
            prepared(*args, **kwargs)

    return alone


def make_ready(group: typer.Typer) -> typer.Typer:
    """Make every command of a group `ready` that does not do so itself; the same group."""
    for command in group.registered_commands:
        if command.callback is not None:
            command.callback = ready(command.callback)
    return group


def set_up_django() -> None:
    """Read the settings and load the rooms that need Django."""
    import django

    # pydantic would read the metadata of every installed package in search of plugins
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    os.umask(0o077)  # the data folder holds people's data and keys: nobody else is to read them
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rollcall.project.settings")
    try:
        with uncollected():
            django.setup()
        gc.freeze()  # what is loaded stays: later collections need not go through it
    except OSError as error:
        raise stop(
            Exit.USAGE,
            f"the data folder cannot be used ({error.filename}: {error.strerror}); set "
            "ROLLCALL_DATA_DIR to another",
        ) from None


def migrate() -> None:
    """Bring the database to this version's tables; makes it where there is none."""
    from django.db import DatabaseError

    from rollcall.project import migrating

    try:
        migrating.migrate()
    except migrating.OlderDatabase as error:
        raise stop(Exit.DIRECTORY, str(error)) from None
    except DatabaseError as error:
        raise stop(
            Exit.DIRECTORY,
            f"the database cannot be used ({type(error).__name__}); check ROLLCALL_DATABASE_URL",
        ) from None
