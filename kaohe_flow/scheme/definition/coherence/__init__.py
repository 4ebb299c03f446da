"""Whether the parts of a scheme fit together."""
