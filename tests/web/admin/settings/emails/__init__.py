"""Tests of the e-mails about accounts."""
