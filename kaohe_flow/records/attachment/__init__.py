"""Attachments (附件·佐证): evidence files, stored under the hash of their content, never overwritten."""
