"""Scheme files that ship with the product: public schemes and the scheme of the demo city."""
