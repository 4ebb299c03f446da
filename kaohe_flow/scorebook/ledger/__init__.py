"""Ledger (记分流水): bookings in one chain per period; what is wrong is reversed and entered anew."""
