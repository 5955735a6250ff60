"""Personio's API, version 2: persons, an employment for each, and lists of names for their ids."""
