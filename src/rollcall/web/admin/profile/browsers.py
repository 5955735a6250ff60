"""What a browser is called by people: its name and system, from what it says of itself."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext

NAMES: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The narrower first: nearly all of them call themselves Safari, and many Chrome."""

SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)

LONGEST: Final = 80
"""Characters of what a browser without a known name says of itself."""


def name_of(user_agent: str) -> str:
    """“Firefox on Windows”; what it says of itself where it is none of those that are known."""
    name = next((name for mark, name in NAMES if mark in user_agent), "")
    system = next((system for mark, system in SYSTEMS if mark in user_agent), "")
    if not name:
        return user_agent[:LONGEST]
    return gettext("{name} on {system}").format(name=name, system=system) if system else name
