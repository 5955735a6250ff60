"""Settings → Password Settings: what is asked of passwords, of everybody or of user groups."""
