"""Builders of what tests stand on."""
