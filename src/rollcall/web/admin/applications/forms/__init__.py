"""The forms of applications and their imports."""
