"""What all pages share: layout, lists, forms, texts, middleware."""
