"""待办: four boxes, a task with its case beside it, and the decision."""
