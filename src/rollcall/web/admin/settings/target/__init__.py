"""Settings → Directory: which directory imports go to."""
