"""The pages of the admin portal about users."""
