"""Properties of subject and fact that tables, conditions and formulas read."""
