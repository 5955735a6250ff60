"""Databases of released versions, kept: every later version is to take them over."""
