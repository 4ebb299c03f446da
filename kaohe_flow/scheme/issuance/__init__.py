"""Issuance: indicators handed down level by level until a named officer holds every part."""
