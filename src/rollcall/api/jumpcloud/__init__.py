"""JumpCloud's API, version 1 and 2, over the built-in directory."""
