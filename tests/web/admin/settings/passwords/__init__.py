"""Tests of Password Settings."""
