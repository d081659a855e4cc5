"""Systems that are read by SQL: one file a kind, on one base."""
