"""Plans (考核方案): scheme files in force, from which day to which; what the ledger scores by."""
