"""Points for each time, case or day."""
