"""How imports and their changes are listed."""
