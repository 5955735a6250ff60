"""The pages of the admin portal about home."""
