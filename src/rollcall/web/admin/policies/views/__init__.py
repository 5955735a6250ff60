"""What the pages of Security Management answer."""
