"""English: read on both sides of the ocean, so no order of numbers to mistake."""
