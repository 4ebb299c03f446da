"""Period: stretches of days that are assessed, their cut-off, notice window and seal; days off."""
