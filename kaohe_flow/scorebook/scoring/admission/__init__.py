"""Which facts may be scored at all."""
