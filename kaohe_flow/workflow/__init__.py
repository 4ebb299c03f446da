"""Workflow: BPMN diagrams decide what happens next; this package runs them and lists who is waited for."""
