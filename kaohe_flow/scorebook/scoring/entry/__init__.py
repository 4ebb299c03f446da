"""Score lines: one per fact that counts."""
