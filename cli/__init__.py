"""cchc: the operator's command."""
