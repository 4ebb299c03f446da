"""负面清单: what must not be a target, and which indicators it hits."""
