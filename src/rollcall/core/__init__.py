"""What knows nothing of the database: configuration, secrets, sealing, CSV."""
