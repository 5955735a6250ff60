"""Settings → Notifications: when e-mails are sent, and from whom."""
