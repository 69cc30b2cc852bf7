"""Drawing statements."""
