"""The web door: requests become commands, rows become pages; nothing is decided here."""
