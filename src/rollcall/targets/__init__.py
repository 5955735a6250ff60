"""Where users are written to: one port, a room for each directory."""
