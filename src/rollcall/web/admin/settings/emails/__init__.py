"""Settings → E-mails: what the e-mails about accounts say, and how they look."""
