"""Rules of rewards: the claim, the verdicts and objections, what it comes to."""
