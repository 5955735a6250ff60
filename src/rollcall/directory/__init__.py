"""The directory: one port, with the built-in directory and JumpCloud's cloud behind it."""
