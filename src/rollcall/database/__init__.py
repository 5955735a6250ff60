"""What SQLite and PostgreSQL need to be one code: statements over many rows."""
