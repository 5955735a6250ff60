"""Before and around sign-in: the first start, one-time links, password, two factors."""
