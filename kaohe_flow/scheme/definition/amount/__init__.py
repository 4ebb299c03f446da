"""Numbers that may depend on who is assessed."""
