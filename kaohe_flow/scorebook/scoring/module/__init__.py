"""Modules: parts of the total."""
