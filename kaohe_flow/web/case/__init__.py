"""全案: one case with its contents, course and diagram."""
