"""Who does what the tests do."""

from rollcall.audit.actor import Actor, Door, Initiator

TESTER = Actor(Initiator.ADMIN, Door.CLI, "tests")
"""Somebody at the terminal."""

ADMIN = Actor(Initiator.ADMIN, Door.PORTAL, "administrator@example.com", "1", "127.0.0.1")
"""An administrator in the portal."""
