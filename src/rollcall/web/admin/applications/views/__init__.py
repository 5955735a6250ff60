"""What the pages about applications do."""
