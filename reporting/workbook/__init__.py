"""The report's tables as a workbook: the figures of the PDF, as numbers."""

from reporting.workbook.make import workbook_bytes

__all__ = ["workbook_bytes"]
