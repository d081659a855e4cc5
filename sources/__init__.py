"""Readers, one file a kind of system, and the landing that they fill."""
