"""Speaks Personio's API and turns its wire into employees."""
