"""The portal, as an administrator meets it."""
