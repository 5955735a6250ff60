"""The `rollcall` command."""
