"""The pages of the admin portal about profile."""
