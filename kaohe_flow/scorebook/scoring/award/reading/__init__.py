"""Which figure of a fact is measured."""
