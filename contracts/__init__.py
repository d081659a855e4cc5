"""The vocabulary that every layer shares: columns, periods, units, code lists, settings, errors."""
