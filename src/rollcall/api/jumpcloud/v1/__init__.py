"""JumpCloud's version 1: users, search, applications, templates, organizations."""
