"""封存后更正: vouchers, their listing and their form."""
