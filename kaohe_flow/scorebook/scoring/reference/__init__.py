"""Totals that count in other totals."""
