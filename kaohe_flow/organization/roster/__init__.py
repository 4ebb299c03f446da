"""警力名单: the roster file, read row by row, shown before it is applied, applied as a whole."""
