"""Rollcall imports the employees of a Personio account into a directory as users."""
