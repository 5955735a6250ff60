"""The built-in directory as a target of imports."""
