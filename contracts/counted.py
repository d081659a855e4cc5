"""The dossiers behind the figures of one (period, source): what a figure is traced back to, and what is compared across
sources and periods."""

from __future__ import annotations

COUNTED_COLUMNS = (
    *("row", "address", "dossier_code", "agency_code", "unit_code", "field", "procedure_code"),
    *("received_date", "due_date", "end_date", "deleted_date", "status"),
    *("came", "went", "warnings", "elsewhere"),
)
"""One row a dossier that was accepted, or that is in quarantine for no other reason than that another source counts it.

row: its place in the landing. address: at the source. Dates are days. status: of the landing, not as it was at the
cut-off. came, went: the one measure of RECEIVED, and the one of RESOLVED or OPEN, in which it counts in the forms;
missing where it counts in the index's span alone, or in none (received later, resolved before, deleted). warnings: ids
of the warnings that it breaks, joined by a comma; "" for none. elsewhere: the source that counts it instead, because it
was received there; "" for none. Such a dossier counts nowhere here.

Sums over came and went without elsewhere are the facts of the forms. The dossier code is pseudonymous personal data
(Luật 91/2025/QH15)."""
