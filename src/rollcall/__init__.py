"""Rollcall imports the employees of a Personio account into a directory as users."""

__version__ = "0.1.0"
