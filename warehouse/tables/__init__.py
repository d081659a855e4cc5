"""Every table of the warehouse, one file a subject. A change here needs a migration; a test compares the two."""

from warehouse.tables._shared import SENTENCE, metadata
from warehouse.tables.comparisons import continuity_dossier, counted_elsewhere, deviation
from warehouse.tables.figures import fact, finding, indicator, rejected
from warehouse.tables.landings import landing_change, source_structure
from warehouse.tables.ledger import owner, partition, partition_event
from warehouse.tables.publications import publication, report_figures
from warehouse.tables.published import published_figure
from warehouse.tables.reports import report_version

__all__ = [
    "SENTENCE",
    "continuity_dossier",
    "counted_elsewhere",
    "deviation",
    "fact",
    "finding",
    "indicator",
    "landing_change",
    "metadata",
    "owner",
    "partition",
    "partition_event",
    "publication",
    "published_figure",
    "rejected",
    "report_figures",
    "report_version",
    "source_structure",
]
