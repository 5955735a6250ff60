"""Outgoing HTTP: every answer is bounded in bytes, values and time before anybody looks at it."""
