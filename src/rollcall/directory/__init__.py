"""The directory: users, user groups, applications and settings in our own database."""
