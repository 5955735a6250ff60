"""Starts the `rollcall` command; Ctrl-C ends it quietly however early it comes."""

from __future__ import annotations

import sys

INTERRUPTED = 130
"""The exit status of what Ctrl-C ended, as shells know it."""


def run() -> None:
    """Run the command that the arguments name."""
    try:
        # loading the rooms takes a second, in which somebody may have thought better of it
        from rollcall.cli.main import app

        app()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        # whoever closes an SQLite file last puts everything into it
        if (db := sys.modules.get("django.db")) is not None:
            db.connections.close_all()


if __name__ == "__main__":
    run()
