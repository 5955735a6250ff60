"""Lists: search, filters, columns, pages, CSV."""
