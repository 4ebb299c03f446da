"""Indicators: what is measured, by which rule, owned by which line; the library and its frozen versions."""
