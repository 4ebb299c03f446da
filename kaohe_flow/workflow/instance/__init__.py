"""Instances (办件): cases under way on their diagram, the tasks that wait, and the history of every step."""
