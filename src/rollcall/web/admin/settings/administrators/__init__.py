"""Settings → Administrators: who may sign in, in which role."""
