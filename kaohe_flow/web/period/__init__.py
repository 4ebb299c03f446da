"""考核周期: periods and their events, the calendar of working days."""
