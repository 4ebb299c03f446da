"""下达分解: issuing indicators to the units below, receiving them, handing them on."""
