"""Totals of subjects."""
