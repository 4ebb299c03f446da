"""Points for what people judged: verdicts, marks, votes."""
