"""Who is being scored, among whom, and what is known."""
