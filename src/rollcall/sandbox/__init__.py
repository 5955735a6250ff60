"""A stand-in Personio account: a company computed from a seed, and a server that answers for it."""
