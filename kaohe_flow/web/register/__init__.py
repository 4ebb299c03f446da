"""账号: entered by one administrator, opened and locked by another."""
