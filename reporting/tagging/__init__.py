"""The tags of the PDF: what a program that reads aloud is told of headings, tables, lists and figures.

WeasyPrint tags what it lays out, page by page. What it leaves open for PDF/UA-1 is mended here in its finished tree,
without a change of a letter on the page: docs/archive-and-proof.md says what."""

from reporting.tagging.mend import take
from reporting.tagging.tree import Node, write

__all__ = ["Node", "take", "write"]
