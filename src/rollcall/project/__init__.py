"""Settings, URLs and ASGI: what ties the rooms into one Django project."""
