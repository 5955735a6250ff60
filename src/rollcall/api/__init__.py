"""The REST API of the built-in directory: JumpCloud compatible, and SCIM 2.0."""
