"""Which subjects and facts a sheet is run on."""
