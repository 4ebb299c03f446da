"""流程: the catalogue of diagrams and deploying a new version."""
