"""Personio's API, version 1: everybody with all attributes in one list."""
