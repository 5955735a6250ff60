"""The OpenID Connect provider: people sign in here and are known at their applications."""
