"""One event, several subjects: person, unit, leader."""
