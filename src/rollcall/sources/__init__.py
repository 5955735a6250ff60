"""Where employees come from: one port, a room for each kind of account."""
