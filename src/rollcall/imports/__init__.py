"""One import end to end: the run, its records, its changes and outcomes, carried out durably."""
