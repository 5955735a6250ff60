"""Security Management: conditional policies, IP lists, defaults, what-if and explanations."""
