"""职责: who holds which competence where, and who may therefore do a task."""
