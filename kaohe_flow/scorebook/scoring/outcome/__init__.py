"""What one run of a scheme on facts comes to."""
