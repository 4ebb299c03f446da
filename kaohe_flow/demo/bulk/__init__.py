"""Loading many claims at once: every path is walked once by the real engine, then cast for everybody else."""
