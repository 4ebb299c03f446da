"""What happened: subjects and facts, as a file gives them or as the rows of the product do."""
