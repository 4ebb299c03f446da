"""Conditions on a measured value: ">= 95", "[80..95)", "target"."""
