"""From which period to which an item holds."""
