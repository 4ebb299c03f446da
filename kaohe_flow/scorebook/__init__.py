"""记分: how points are worked out, and the ledger they are entered in."""
