"""Trials: a real installation in processes of its own, to which something happens in the middle."""
