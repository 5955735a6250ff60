"""What a user is called on pages."""

from __future__ import annotations

from rollcall.directory.models import User


def full_name(user: User) -> str:
    """First and last name, else whatever names the user."""
    return f"{user.firstname} {user.lastname}".strip() or user.displayname or user.username
