"""What holds at every moment, whatever befell a run: asked of the warehouse and the files, not of the program."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, select

from contracts.codes import PartitionState
from contracts.errors import WarehouseError
from contracts.settings import Settings
from sources.landing import open_landing
from sources.landing.manifest import MANIFEST
from tests.chaos.province import PERIOD
from tests.chaos.running import gone
from tests.quarter.command import Office
from warehouse import audit_proof, ledger, publications, register, report_files, tables
from warehouse.database import open_warehouse, reading

OF_A_SOURCE = (tables.fact, tables.duration, tables.finding, tables.rejected)
OF_THE_PERIOD = (*OF_A_SOURCE, tables.indicator, tables.counted_elsewhere, tables.continuity_dossier, tables.deviation)
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Undisturbed:
    """What a run leaves that nothing happened to. figures: table → its rows; report: SHA-256 of the province's PDF."""

    figures: dict[str, Rows]
    report: str


def warehouse_of(office: Office) -> Engine:
    url = office.settings.get("CCHC_WAREHOUSE_URL")
    return open_warehouse(url or Settings(home=office.home).database_url("khanh-hoa"))


def left_by(office: Office) -> Undisturbed:
    engine = warehouse_of(office)
    newest = register.newest(engine, PERIOD, "province", "56")
    assert newest is not None
    return Undisturbed({table.name: _rows(engine, table) for table in OF_THE_PERIOD}, newest.sha256)


def assert_as_undisturbed(office: Office, undisturbed: Undisturbed) -> None:
    """Cell by cell, and the report byte by byte; what killed runs left half done is cleared away."""
    found = left_by(office)
    for name, rows in undisturbed.figures.items():
        assert found.figures[name] == rows, f"{name} is not what an undisturbed run leaves"
    assert found.report == undisturbed.report
    home = office.home / "khanh-hoa"
    assert not [*(home / "landing").rglob(".part-*"), *(home / "reports").rglob(".dang-in-*")]
    assert_sound(office, undisturbed)


def assert_sound(office: Office, undisturbed: Undisturbed) -> None:
    """Every landing is whole or absent; what is loaded is of one landing, which is there, and is what an undisturbed
    run counts of it, each dossier once; every version of a report can be handed out as it was registered, none is half
    written; no process is left; the audit trail verifies."""
    gone(office.home)
    home = office.home / "khanh-hoa"
    for manifest in (home / "landing").rglob(MANIFEST):
        if not manifest.parent.name.startswith("."):
            open_landing(manifest.parent)
    engine = warehouse_of(office)
    for known in ledger.partitions(engine, PERIOD):
        if known.state is PartitionState.LOADED:
            _is_of_its_landing(known)
            for table in OF_A_SOURCE:
                whole = [row for row in undisturbed.figures[table.name] if row[1] == known.source_id]
                assert _rows(engine, table, known.source_id) == whole, f"{table.name} of {known.source_id}"
    assert_reports_whole(office, engine)
    assert audit_proof.prove(engine).is_sound


def assert_reports_whole(office: Office, engine: Engine) -> None:
    """Asked while a run goes on, too."""
    for version in register.versions(engine, PERIOD):
        assert publications.file_is_registered(version), f"{version.path} is listed and cannot be handed out"
        assert all(file.is_registered for file in report_files.files_of(engine, version.version_key))
    for pdf in (office.home / "khanh-hoa" / "reports" / PERIOD).glob("*.pdf"):
        written = pdf.read_bytes()
        assert written.startswith(b"%PDF") and written.rstrip().endswith(b"%%EOF"), f"{pdf} is half written"


@contextmanager
def watched(office: Office) -> Iterator[None]:
    """While the block runs, somebody keeps looking at the list of reports and at the folder, and once more when it is
    over and the warehouse answers. Whatever ends the looking before is the test's failure."""
    over = threading.Event()

    def look() -> int:
        """How many looks came to an end while the block ran."""
        looks = 0
        while not over.wait(0.02):
            with suppress(WarehouseError):  # it is away, or its disk is full: nobody sees a list
                assert_reports_whole(office, warehouse_of(office))
                looks += 1
        assert_reports_whole(office, warehouse_of(office))
        return looks

    with ThreadPoolExecutor(1) as threads:
        looking = threads.submit(look)
        try:
            yield
        finally:
            over.set()
    assert looking.result() > 0, "nobody could look while it ran"


def states(office: Office) -> dict[str, str]:
    return {known.source_id: known.state.value for known in ledger.partitions(warehouse_of(office), PERIOD)}


def landed_in(office: Office) -> Path:
    return office.home / "khanh-hoa" / "landing"


def _is_of_its_landing(known: ledger.Partition) -> None:
    landing = open_landing(Path(str(known.landing_path)))
    assert landing.id == known.landing_id
    assert landing.rows["dossiers"] == known.rows == (known.accepted or 0) + (known.quarantined or 0)


def _rows(engine: Engine, table: Table, source_id: str | None = None) -> Rows:
    query = select(table).where(table.c.period_id == PERIOD)
    if source_id is not None:
        query = query.where(table.c.source_id == source_id)
    with reading(engine) as connection:
        return sorted((tuple(row) for row in connection.execute(query)), key=str)
