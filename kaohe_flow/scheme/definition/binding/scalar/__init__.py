"""Single values as typed in a file: words, numbers, dates, yes and no."""
