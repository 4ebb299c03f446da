"""How facts become points, totals and places: pure rules, in one order."""
