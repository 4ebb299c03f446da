"""Who is assessed (考核对象): officers and units of a period, as the scoring rules read them."""
