"""审计: what everybody did, for the auditor."""
