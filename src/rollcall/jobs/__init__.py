"""The durable engine, its workers and leases, for whichever room has work to carry out."""
