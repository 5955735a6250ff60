"""What every answer to a browser carries."""
