"""Audit trail (审计): who did what, when, in one chain of hashes; written with the deed or not at all."""
