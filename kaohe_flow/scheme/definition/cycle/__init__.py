"""Which period a day belongs to."""
