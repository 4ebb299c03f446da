"""Ban list: what must never become a target, however it is spelt."""
