"""Settings → User Management: the default states of new users."""
