"""警力: officers, where they serve from day to day, their coefficients and their leave."""
