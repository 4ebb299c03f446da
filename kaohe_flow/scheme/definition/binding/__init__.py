"""Nodes → frozen dataclasses: the fields of a class are the keys of the format."""
