"""How the score lines of a subject fall into lines and modules."""
