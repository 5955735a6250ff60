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
        # whoever closes an SQLite file last puts everything into it; where the settings could not
        # be read there is none, and asking for one would read them once more
        db, conf = sys.modules.get("django.db"), sys.modules.get("django.conf")
        if db is not None and conf is not None and conf.settings.configured:
            db.connections.close_all()


if __name__ == "__main__":
    run()
