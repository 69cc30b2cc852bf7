"""What is decided about lists and sharing with values alone."""
