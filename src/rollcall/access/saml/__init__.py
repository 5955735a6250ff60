"""The SAML 2.0 identity provider: people sign in here and are known at their applications."""
