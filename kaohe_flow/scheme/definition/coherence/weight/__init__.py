"""Whether weights add up, for every kind of subject a sheet distinguishes."""
