"""Every table of the warehouse, one file a subject. A change here needs a migration; a test compares the two."""

from warehouse.tables._shared import SENTENCE, metadata
from warehouse.tables.comparisons import continuity_dossier, counted_elsewhere, deviation
from warehouse.tables.durations import duration
from warehouse.tables.figures import fact, finding, indicator, rejected
from warehouse.tables.landings import landing_change, source_structure
from warehouse.tables.ledger import owner, partition, partition_event, warehouse_mark
from warehouse.tables.portal import account, audit_entry, portal_session, rerun_request
from warehouse.tables.publications import publication, report_figures
from warehouse.tables.published import published_figure
from warehouse.tables.reports import report_file, report_text, report_version, signed_copy
from warehouse.tables.returned import returned_figure, returned_file
from warehouse.tables.schedule import notice, notice_message, notice_told, period_run
from warehouse.tables.standings import criterion_points, imported_ranking

__all__ = [
    "SENTENCE",
    "account",
    "audit_entry",
    "continuity_dossier",
    "counted_elsewhere",
    "criterion_points",
    "deviation",
    "duration",
    "fact",
    "finding",
    "imported_ranking",
    "indicator",
    "landing_change",
    "metadata",
    "notice",
    "notice_message",
    "notice_told",
    "owner",
    "partition",
    "partition_event",
    "period_run",
    "portal_session",
    "publication",
    "published_figure",
    "rejected",
    "report_figures",
    "report_file",
    "report_text",
    "report_version",
    "rerun_request",
    "returned_figure",
    "returned_file",
    "signed_copy",
    "source_structure",
    "warehouse_mark",
]
