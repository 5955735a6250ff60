"""Who can sign in: accounts, roles, one-time links, sign-in."""
