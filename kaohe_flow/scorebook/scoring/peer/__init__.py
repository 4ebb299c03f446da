"""Figures of the peers, for items that compare."""
