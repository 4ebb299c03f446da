"""Sealing (封存): the clock closes a period, people sign, the result is kept for ever as a snapshot."""
