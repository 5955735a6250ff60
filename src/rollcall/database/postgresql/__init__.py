"""Django's PostgreSQL engine with limits on what a frozen process may hold up."""
