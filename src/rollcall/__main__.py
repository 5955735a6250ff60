"""Starts the `rollcall` command; Ctrl-C ends it quietly however early it comes."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

INTERRUPTED = 130
"""The exit status of what Ctrl-C ended, as shells know it."""

UNWRITTEN = 2
"""The exit status where nothing can be written to standard output, which is not for us to mend."""


def run() -> None:
    """Run the command that the arguments name."""
    _see_to_the_output()
    try:
        # loading the rooms takes a second, in which somebody may have thought better of it
        from rollcall.cli.main import app

        try:
            app()
        finally:
            sys.stdout.flush()  # what fails here fails where it can still be told
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EIO, errno.EPIPE):
            raise
        _stop_writing(error)
    finally:
        # whoever closes an SQLite file last puts everything into it; where the settings could not
        # be read there is none, and asking for one would read them once more
        db, conf = sys.modules.get("django.db"), sys.modules.get("django.conf")
        if db is not None and conf is not None and conf.settings.configured:
            db.connections.close_all()


def _see_to_the_output() -> None:
    """Let no letter that the terminal cannot show end a command, nor an output that is closed."""
    # Open for as long as the process lives.
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _stop_writing(error: OSError) -> NoReturn:
    """Say why the output cannot be written; nothing where its reader has gone, as `head` does."""
    # What is left in the buffer would fail once more when the interpreter ends.
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno == errno.EPIPE:
        sys.exit(0)
    sys.stderr.write(f"rollcall: the output cannot be written: {error.strerror}\n")
    sys.exit(UNWRITTEN)


if __name__ == "__main__":
    run()
