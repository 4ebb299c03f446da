"""登录与会话: signing in and out, one's password."""
