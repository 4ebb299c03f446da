"""Kernel: the words everybody uses - points, errors, calendar, transactions, the expression language."""
