"""JumpCloud's cloud behind the directory port."""
