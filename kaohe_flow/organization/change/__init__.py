"""变动: what touches units, people, competences and accounts at once."""
