"""Measurements of speed and size, each beside a baseline of the same machine."""
