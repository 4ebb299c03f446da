"""方案: what is assessed, when, and by how much."""
