"""Private set intersection: what two lists have in common, and neither side sees the other's list. docs/algorithms/psi.md."""
