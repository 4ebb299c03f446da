"""Receipts (回执): which posted forms were answered, so that a double click has one effect and one answer."""
