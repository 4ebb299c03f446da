"""单位: the two authorities and everything under them, as a dated tree."""
