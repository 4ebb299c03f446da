"""Items and lines: what the score lines of a subject make of its weights."""
