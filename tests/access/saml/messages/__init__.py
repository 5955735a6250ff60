"""Tests of SAML's messages."""
