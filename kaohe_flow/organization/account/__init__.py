"""账号: signing in, sessions kept on the server, passwords."""
