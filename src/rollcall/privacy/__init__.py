"""What is kept of a person: how each room finds it, gives it out, and erases it."""
