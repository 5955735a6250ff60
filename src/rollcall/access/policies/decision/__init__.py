"""The decision itself: pure functions over frozen values, without database, network or clock."""
