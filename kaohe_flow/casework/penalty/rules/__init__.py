"""Rules of penalties: the finding, the defence and the decision, the booking."""
