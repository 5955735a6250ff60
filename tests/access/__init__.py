"""Tests of what people get out of the directory."""
