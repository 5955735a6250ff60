"""The pages and addresses of sign-on by SAML."""
