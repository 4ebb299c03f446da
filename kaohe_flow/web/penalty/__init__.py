"""惩罚扣分: findings, replies, decisions."""
