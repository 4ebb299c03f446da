"""归口业务线: which department is competent for what, and since when."""
