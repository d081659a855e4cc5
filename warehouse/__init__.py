"""The warehouse of one province: ledger, facts, findings, quarantine, indicators and the register of reports.

SQLite in a file by default, PostgreSQL by URL; the same tables and the same order of rows on both."""
