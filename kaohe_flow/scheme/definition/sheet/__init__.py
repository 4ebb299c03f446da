"""Sheets: everything one kind of subject is assessed by in one kind of period."""
