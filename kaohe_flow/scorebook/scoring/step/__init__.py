"""The figures every step of the scoring leaves behind."""
