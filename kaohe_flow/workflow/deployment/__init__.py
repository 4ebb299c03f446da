"""Deployments (发布): diagrams as they were deployed, one immutable version after another."""
