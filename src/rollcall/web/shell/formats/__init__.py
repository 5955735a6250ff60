"""Dates as readers write them, where Django's own habit is another country's."""
