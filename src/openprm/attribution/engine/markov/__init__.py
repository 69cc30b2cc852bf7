"""Markov removal effects of any order: counting, then solving."""
