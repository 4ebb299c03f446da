"""What the rule of an item gives for its facts, before any limit."""
