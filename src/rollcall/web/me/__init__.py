"""The user portal: one's own applications, profile, security and activity."""
