"""Corrections of a source (contracts.corrections), put into what was landed before anything is read from it.

A correction that no longer fits stops the source: what it was for has been mended, or has changed into something that
nobody has looked at. So does one that has run out while what it was for is still there. No text of this file holds a
dossier's code or a value: it would stand in the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contracts.corrections import FILE, Correction
from contracts.errors import SourceError
from contracts.source_config import ColumnMap, SourceConfig
from transforms.parsing import clean, long_texts

_MENDED = (
    f"bỏ mục này khỏi {FILE}; nếu số liệu của kỳ trước vẫn ghi sai thì giữ mục này, ghi until là ngày chốt của kỳ cuối "
    "còn cần đính chính"
)
_RUN_OUT = (
    "nếu còn căn cứ thì sửa until; nếu từ nay tính theo hệ thống nguồn thì ghi lý do vào dropped. Không bỏ mục này, vì "
    "kỳ cũ vẫn tính theo nó"
)
Edits = dict[str, dict[int, str]]
"""Source column → row → what it says once it is corrected."""


@dataclass(frozen=True)
class Corrected:
    """table: landed dossiers with the corrections in. applied: number of corrections; unused: of those in force whose
    dossier this landing does not hold."""

    table: pa.Table
    applied: int = 0
    unused: int = 0


def corrected(landed: pa.Table, source: SourceConfig, *, cut_off: date) -> Corrected:
    """Raises SourceError where a dossier no longer says what its correction was made for, or still says so after the
    correction has run out."""
    if not source.corrections:
        return Corrected(landed)
    mapped = {c.column.name: c for c in source.tables["dossiers"].columns}
    rows = _rows_by_code(landed, mapped["dossier_code"].source_column, source.corrections)
    in_force = [(number, one) for number, one in enumerate(source.corrections, start=1) if one.in_force(cut_off)]
    _check_run_out(landed, source, rows, mapped, cut_off=cut_off)
    edits: Edits = {}
    applied = 0
    for number, one in in_force:
        if its_rows := rows.get(clean(one.dossier_code)):
            column = mapped[one.column]
            fitting = _fitting(landed[column.source_column], its_rows, one)
            if not fitting:
                said = f"nguồn đã sửa (hoặc đổi) {_told(column)} của hồ sơ này"
                raise _refused(source, number, said, _MENDED)
            edits.setdefault(column.source_column, {}).update(dict.fromkeys(fitting, one.value))
            applied += 1
    return Corrected(_edited(landed, edits), applied, len(in_force) - applied)


def _check_run_out(
    landed: pa.Table,
    source: SourceConfig,
    rows: Mapping[str, list[int]],
    mapped: Mapping[str, ColumnMap],
    *,
    cut_off: date,
) -> None:
    """What was wrong in an older period, and is still so, is not counted without anyone's word."""
    renewed = {one.cell for one in source.corrections if one.in_force(cut_off)}
    for number, one in enumerate(source.corrections, start=1):
        if one.until >= cut_off or one.dropped.strip() or one.cell in renewed or one.column not in mapped:
            continue
        column = mapped[one.column]
        if _fitting(landed[column.source_column], rows.get(clean(one.dossier_code), []), one):
            said = f"hết hạn từ ngày {one.until:%d/%m/%Y}, mà nguồn vẫn chưa sửa {_told(column)} của hồ sơ này"
            raise _refused(source, number, said, _RUN_OUT)


def _told(column: ColumnMap) -> str:
    return f"cột «{column.source_column}» ({column.column.label})"


def _rows_by_code(landed: pa.Table, code_column: str, corrections: tuple[Correction, ...]) -> dict[str, list[int]]:
    codes = long_texts(landed[code_column])
    places = np.flatnonzero(codes.isin([clean(c.dossier_code) for c in corrections]))
    rows: dict[str, list[int]] = {}
    for place, code in zip(places.tolist(), codes.iloc[places].tolist(), strict=True):
        rows.setdefault(code, []).append(place)
    return rows


def _fitting(texts: pa.ChunkedArray, rows: list[int], one: Correction) -> list[int]:
    """Those of the dossier's rows that say `was`: there may be copies."""
    return [row for row in rows if clean(texts[row].as_py() or "") == clean(one.was)]


def _edited(landed: pa.Table, edits: Mapping[str, Mapping[int, str]]) -> pa.Table:
    for name, values in edits.items():
        rows = sorted(values)
        marks = np.zeros(landed.num_rows, dtype=bool)
        marks[rows] = True
        plain = landed[name].cast(pa.string()).combine_chunks()
        new = pa.array([values[row] or None for row in rows], pa.string())
        edited = pc.replace_with_mask(plain, pa.array(marks), new)
        place = landed.schema.get_field_index(name)
        landed = landed.set_column(place, name, pa.chunked_array([edited.dictionary_encode()]))
    return landed


def _refused(source: SourceConfig, number: int, said: str, advice: str) -> SourceError:
    return SourceError(
        f"{source.name}: đính chính thứ {number} trong {FILE}: {said}",
        source_id=source.id,
        advice=f"{advice} ({source.folder / FILE}), rồi chạy lại",
    )
