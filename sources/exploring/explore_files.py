"""Looking at files that units send: their sheets, and the row on which the column heads stand."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from contracts.known_names import matches
from contracts.personal import is_forbidden
from contracts.table_spec import FileTable
from sources.exploring.code_lists import code_list
from sources.exploring.date_shapes import date_of_texts, is_iso
from sources.exploring.explore import UNKNOWN_FORMAT, Code, DateColumn, FoundTable, WindowColumns
from sources.files.data_rows import NotWhole, record_chunks, records, spread_down
from sources.files.file_reader import FileReader
from sources.files.heads import UNREADABLE, Grid, Misfit, Row, heads_of, layout_of, merges_in
from sources.files.sent_files import SentFile

_DEEPEST_HEAD, _MOST_LEVELS = 12, 3
_FILES = 3
"""Files of one address that are looked at: they are alike, or the check will say so."""

_NO_HEADS = "không nhận ra dòng tiêu đề nào: ghi header_row, và tên các cột ở column_map.csv"


class FileExplorer:
    """See `sources.exploring.explore.Explorer`."""

    def __init__(self, reader: FileReader) -> None:
        self._reader = reader
        self._is_excel = reader.source.kind == "excel"

    def tables(self, wanted: str = "") -> list[FoundTable]:
        found: dict[str, FoundTable] = {}
        with self._reader.told():
            for file in self._files():
                for table in self._sheets(file):
                    found.setdefault(table.name, table)
        return list(found.values())

    def _files(self) -> list[SentFile]:
        return self._reader.files.fitting()[:_FILES]

    def _sheets(self, file: SentFile) -> Iterator[FoundTable]:
        """Each sheet as it is most likely meant; of a CSV, whose delimiter is seen by its heads, each row is tried."""
        best: dict[str, tuple[tuple[int, int], FoundTable]] = {}
        rows = (1,) if self._is_excel else range(1, _DEEPEST_HEAD + 1)
        for sheet, number in product(self._reader.shown(file), rows):
            spec = FileTable(sheet=sheet, header_row=number)
            for grid in self._reader.grids(file, spec, ()):
                top = list(islice(grid.rows, _DEEPEST_HEAD + _MOST_LEVELS))
                for table in _readings(grid, top, None if self._is_excel else number):
                    if grid.sheet not in best or _score(table) > best[grid.sheet][0]:
                        best[grid.sheet] = _score(table), table
        for (known, _), table in best.values():
            yield self._with_total(file, table) if known > 1 else _without_heads(table)

    def _with_total(self, file: SentFile, table: FoundTable) -> FoundTable:
        """A CSV that ends with a row of totals now has to always: nothing else shows that its end was cut off."""
        spec = spec_of(table).model_copy(update={"total_row": True})
        if self._is_excel or not all(self._is_whole(grid, spec, table) for grid in self._reader.grids(file, spec, ())):
            return table
        return replace(table, spec=spec)

    def _is_whole(self, grid: Grid, spec: FileTable, table: FoundTable) -> bool:
        by_table = [matches(name, table.columns) for name in ("dossiers", "pauses")]
        known = [match.found for match in max(by_table, key=len).values()]
        try:
            layout = layout_of(grid, spec, wanted=known, key=known[0])
            deque(record_chunks(layout, grid.merges, total_row=True), maxlen=0)
        except (NotWhole, Misfit):  # a head that stands twice is told of when it is mapped
            return False
        return True

    def unreadable(self, table: FoundTable, columns: list[str]) -> list[str]:
        return []

    def codes(self, table: FoundTable, column: str, label: str) -> list[Code] | None:
        wanted = [column, label] if label else [column]
        found = code_list(self._cells(table, *wanted))
        return self.codes(table, column, "") if found is None and label else found

    def date(self, table: FoundTable, column: str) -> DateColumn:
        """In a workbook a true date cell is read as it is, whatever the format says: texts decide."""
        if self._is_excel:
            texts = date_of_texts(column, (text for text in self._texts(table, column) if not is_iso(text)))
            if texts.format != UNKNOWN_FORMAT:
                return texts
        return date_of_texts(column, self._texts(table, column))

    def _texts(self, table: FoundTable, column: str) -> Iterator[str]:
        return (text for (text,) in self._cells(table, column) if text)

    def _cells(self, table: FoundTable, *columns: str) -> Iterator[tuple[str, ...]]:
        refused = [column for column in columns if is_forbidden(column)]
        assert not refused, "a column of personal data is never looked at"
        with self._reader.told():
            for file in self._files():
                if spec_of(table).sheet not in self._reader.shown(file):
                    continue  # another unit's workbook: its sheets have names of their own
                for grid in self._reader.grids(file, spec_of(table), columns):
                    layout = layout_of(grid, spec_of(table), wanted=columns, key=columns[0])
                    for _, cells in spread_down(records(layout, grid.merges), grid.merges):
                        if cells is not None:
                            yield tuple((cells[p] or "").replace(UNREADABLE, "\ufffd") for p in layout.places)

    def where(self, columns: WindowColumns) -> str:
        return ""


def _readings(grid: Grid, top: list[Row], number: int | None) -> Iterator[FoundTable]:
    """The sheet with its heads on each of the first rows (or on that row alone), one or several deep."""
    starts = [place for place, (n, _) in enumerate(top) if (n == number if number else n <= _DEEPEST_HEAD)]
    for depth in range(1, _MOST_LEVELS + 1):
        for start in starts:
            levels = top[start : start + depth]
            heads = heads_of([cells for _, cells in levels], merges_in(grid.merges, levels))
            spec = FileTable(sheet=grid.sheet, header_row=levels[0][0], header_rows=depth)
            yield FoundTable(grid.sheet or grid.file, dict.fromkeys(filter(None, heads), ""), spec)


def _score(table: FoundTable) -> tuple[int, int]:
    """Heads that are known; the plainer reading before another one."""
    known = max(len(matches(name, table.columns)) for name in ("dossiers", "pauses"))
    return known, -spec_of(table).header_rows


def spec_of(table: FoundTable) -> FileTable:
    assert isinstance(table.spec, FileTable)
    return table.spec


def _without_heads(table: FoundTable) -> FoundTable:
    """What stands on that row may as well be a dossier: it is not said."""
    return FoundTable(table.name, {}, FileTable(sheet=spec_of(table).sheet), _NO_HEADS)
