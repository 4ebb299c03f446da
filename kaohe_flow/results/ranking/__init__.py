"""Ranking (排名): totals and places of a period, inside sequences, ties 1-1-3."""
