"""SAML's messages, read and written: pure, without the database; who may do what, others decide."""
