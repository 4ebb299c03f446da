"""机构: units on four levels, business lines, officers and their posts, roles, accounts."""
