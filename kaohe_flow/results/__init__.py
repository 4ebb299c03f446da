"""Results (结果): what comes out of a period - totals, places, notices, seals."""
