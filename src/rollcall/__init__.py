"""Rollcall is an open directory: employees are imported from HR as its users."""

__version__ = "0.1.0"
