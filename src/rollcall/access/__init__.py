"""What people get out of the directory: the doors, and the policies that every door asks."""
