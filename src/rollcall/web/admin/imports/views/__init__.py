"""What the pages about imports do."""
