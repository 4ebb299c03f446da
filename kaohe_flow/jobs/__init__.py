"""Jobs: what the clock and the queue call. Runs beside the web processes; loses nothing when killed."""
