"""Points for a measured figure."""
