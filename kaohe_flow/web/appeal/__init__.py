"""复议办理: contesting a decision, ruling on it, the lists of both."""
