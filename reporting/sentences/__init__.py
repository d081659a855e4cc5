"""Sentences made from figures: a template for every situation, and no other words. One file a kind.

They are given the same counts as the tables and write them by the same functions (reporting.formats); which sentence
stands when is held by a table of texts, tests/reporting/sentences/."""
