"""Where a case stands in the bureau: person, unit, line, period; candidates and limits follow from it."""
