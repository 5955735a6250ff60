"""What the pages about users do."""
