"""Backups of a province: made, checked, restored. What one holds and how it lies: docs/operate/backup.md."""
