"""Scheme files: their format, their reading with every fault at once, and what they mean."""
