"""Settings → Events: how long they are kept, and where they are handed on to."""
