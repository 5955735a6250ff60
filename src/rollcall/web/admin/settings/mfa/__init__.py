"""Settings → MFA: which second factors there are, of whom one is required, and from when on."""
