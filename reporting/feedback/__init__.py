"""What goes back to the owner of a source (phiếu phản hồi chất lượng dữ liệu): one PDF and one workbook a source.

`gather` reads what stands in the warehouse; `sheet` makes the texts of the PDF of it, `book` the cells of the workbook;
`make` writes both. It names dossiers by their codes, which are pseudonymous personal data (Luật 91/2025/QH15), and
nothing else of a person: it goes to the source's owner alone.
"""
