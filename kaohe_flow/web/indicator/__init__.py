"""指标库: searching, reading, drafting, revising and importing indicators."""
