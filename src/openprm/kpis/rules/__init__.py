"""What can be said about numbers without a database."""
