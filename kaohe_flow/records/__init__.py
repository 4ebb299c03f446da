"""Records (档案): what must remain - attachments and the audit trail."""
