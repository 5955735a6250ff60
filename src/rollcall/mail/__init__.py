"""E-mail: which server carries it."""
