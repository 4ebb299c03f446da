"""Rewards (奖励加分): a claim, its verification, the public notice of honours, objections, the points."""
