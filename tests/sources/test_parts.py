"""The same rows are the same parts, however they came."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.landing import open_landing, parquet, parts
from sources.landing.parquet import PartWriter
from sources.landing.parts import write_parts
from tests.sources.breaking import names, root, small_parts
from tests.sources.paging import PagingSystem
from tests.sources.systems import DOSSIER, landed, sqlite_source
from tests.tried import tried

__all__ = ["root", "small_parts"]

SCHEMA = pa.schema([("code", pa.string()), ("status", pa.string())])
texts = st.none() | st.text(st.characters(codec="utf-8"), max_size=3)
rows_of_two = st.lists(st.tuples(texts, texts), max_size=100)
cuts = st.lists(st.integers(0, 100))


def batches(rows: Sequence[tuple[str | None, str | None]], places: Sequence[int]) -> Iterator[pa.RecordBatch]:
    """The rows, cut at these places; a place that comes twice gives a batch without rows."""
    ends = [*sorted(min(place, len(rows)) for place in places), len(rows)]
    for start, end in zip([0, *ends], ends, strict=False):
        columns = [pa.array([row[n] for row in rows[start:end]], pa.string()) for n in range(2)]
        yield pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=tried(50))
@given(rows=rows_of_two, first=cuts, second=cuts)
def test_how_rows_come_in_batches_does_not_show(
    rows: list[tuple[str | None, str | None]], first: list[int], second: list[int]
) -> None:
    with TemporaryDirectory() as name:
        one, other = (
            write_parts(batches(rows, places), SCHEMA, folder=Path(name), table="dossiers")
            for places in (first, second)
        )
        assert one == other
        assert [part.rows for part in one] == [*[32] * (len(rows) // 32), len(rows) % 32][: len(one)]
        read = pa.concat_tables(
            [parquet.pq.read_table(Path(name, f"dossiers-{n:05d}.parquet")) for n in range(len(one))]
        )
        assert list(zip(*read.to_pydict().values(), strict=True)) == rows


@pytest.mark.parametrize(
    ("rows", "expected"), [(0, [0]), (1, [1]), (32, [32]), (33, [32, 1]), (64, [32, 32]), (80, [32, 32, 16])]
)
def test_parts_are_cut_at_exact_multiples(tmp_path: Path, root: Path, rows: int, expected: list[int]) -> None:
    landing = landed(PagingSystem(tmp_path, dossiers=rows).config, root)
    manifest = json.loads((landing.folder / "manifest.json").read_text())
    assert [part["rows"] for part in manifest["tables"]["dossiers"]["parts"]] == expected
    assert open_landing(landing.folder).table("dossiers").num_rows == rows


def test_a_large_table_is_in_parts_that_are_read_as_one(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART_ROWS", 7_000)
    monkeypatch.setattr(parquet, "ROW_GROUP", 2_500)
    rows = [(f"H32.30-241015-{n:06d}", *DOSSIER[1:]) for n in range(20_000)]
    landing = landed(sqlite_source(tmp_path, rows), root)
    assert landing.parts == {"dossiers": 3}
    assert landing.table("dossiers", ["MaHoSo"])["MaHoSo"].to_pylist() == [row[0] for row in rows]
    assert open_landing(landing.folder).table("dossiers").num_rows == 20_000


def test_rows_that_do_not_lie_there_are_noticed(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PartWriter, "write", lambda *_: None)
    with pytest.raises(RuntimeError, match="1 rows were read, 0 written, 0 lie there"):
        landed(sqlite_source(tmp_path), root)
    assert names(root) == []
