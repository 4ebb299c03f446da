"""What every page shares: assets, errors, security, words of the templates."""
