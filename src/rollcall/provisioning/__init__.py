"""The nouns of an import and every decision about it: pure functions over frozen values."""
