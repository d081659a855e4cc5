"""A part is written beside the reading, the same bytes for the same rows, and its checksum is that of the file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sources.landing.parquet import ROW_GROUP, PartWriter, Written

SCHEMA = pa.schema([("code", pa.string()), ("status", pa.string())])


def table(rows: int) -> pa.Table:
    statuses = [None if n % 3 else "Đã xong" for n in range(rows)]
    return pa.table({"code": [str(n) for n in range(rows)], "status": statuses}, SCHEMA)


def written(path: Path, rows: pa.Table, *, batch: int) -> Written:
    with PartWriter(path, SCHEMA) as part:
        for one in rows.to_batches(max_chunksize=batch):
            part.write(one)
        return part.close()


@pytest.mark.parametrize("rows", [0, 1, ROW_GROUP, ROW_GROUP + 1, 2 * ROW_GROUP + 7])
def test_what_was_written_is_what_is_read(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "dossiers.parquet"
    done = written(path, table(rows), batch=30_000)
    assert pq.read_table(path) == table(rows)
    assert done == Written(rows, hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size)


def test_how_the_rows_were_cut_into_batches_does_not_show(tmp_path: Path) -> None:
    rows = table(ROW_GROUP + 5_000)
    found = {written(tmp_path / str(batch), rows, batch=batch) for batch in (999, 20_000, len(rows))}
    assert len(found) == 1


def test_long_texts_fill_pages_alike_however_they_came(tmp_path: Path) -> None:
    texts = [None if n % 7 == 0 else f"{n:09d}" + "x" * (n * 7919 % 300) for n in range(60_000)]
    rows = pa.table({"code": texts, "status": texts[::-1]}, SCHEMA)
    found = {written(tmp_path / str(batch), rows, batch=batch) for batch in (999, 5_000, 20_000, len(rows))}
    assert len(found) == 1


def test_values_that_repeat_are_written_once_a_group(tmp_path: Path) -> None:
    written(tmp_path / "part", table(50_000), batch=50_000)
    columns = pq.ParquetFile(tmp_path / "part").metadata.row_group(0)
    assert [columns.column(n).has_dictionary_page for n in range(2)] == [False, True]


@pytest.mark.parametrize("rows", [1, ROW_GROUP, 3 * ROW_GROUP])
def test_a_full_disk_is_told_to_who_writes(rows: int) -> None:
    with pytest.raises(OSError, match="No space left"):
        written(Path("/dev/full"), table(rows), batch=ROW_GROUP)


def test_a_reader_that_fails_leaves_no_thread(tmp_path: Path) -> None:
    with pytest.raises(KeyError), PartWriter(tmp_path / "part", SCHEMA) as part:
        part.write(table(ROW_GROUP).to_batches()[0])
        raise KeyError
    assert part._thread._shutdown
    del part
    with pytest.raises(pa.ArrowInvalid):
        pq.ParquetFile(tmp_path / "part")
