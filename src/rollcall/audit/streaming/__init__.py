"""Streaming export: every event is handed on as a line of JSON, at least once and in order."""
