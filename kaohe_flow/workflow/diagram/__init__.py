"""Everything that is checked when a process owner deploys a changed diagram; all faults are told at once."""
