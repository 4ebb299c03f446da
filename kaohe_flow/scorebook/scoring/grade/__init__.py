"""Grades: bands of totals, conditions and quotas."""
