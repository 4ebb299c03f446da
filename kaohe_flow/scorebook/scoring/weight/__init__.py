"""The weights in force for a period."""
