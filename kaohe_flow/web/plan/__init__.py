"""考核方案: scheme files in force."""
