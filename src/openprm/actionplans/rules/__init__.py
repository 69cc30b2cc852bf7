"""What a mutual action plan decides with values: dates, order, standing, agreement."""
