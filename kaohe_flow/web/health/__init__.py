"""For whoever watches the process: is it alive, can it serve."""
