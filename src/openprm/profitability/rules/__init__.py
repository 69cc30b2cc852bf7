"""What profit is made of, decided with values alone."""
