"""Limits: of one entry, of an item, of a group; the same deed only once."""
