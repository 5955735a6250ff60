"""Settings → User portal: what people may change about themselves."""
