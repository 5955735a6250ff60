"""The admin portal: pages, forms, sign-in, static files."""
