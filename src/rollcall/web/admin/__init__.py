"""The admin portal: one feature a folder."""
