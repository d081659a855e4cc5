"""The report's tables as a workbook: the figures of the PDF, as numbers."""

from reporting.workbook.make import MAKER, workbook_bytes

__all__ = ["MAKER", "workbook_bytes"]
