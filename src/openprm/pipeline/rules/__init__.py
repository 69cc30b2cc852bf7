"""What the pipeline computes with values: weights, categories, coverage, slips."""
