"""A YAML document whose every node knows its line."""
