"""The ways an item turns facts into points."""
