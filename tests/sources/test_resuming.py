"""However an extract was cut, in batches, parts or tries, what lands is what an undisturbed one lands."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.errors import SourceChanged, SourceDrift, SourceUnreachable
from sources import parquet, parts, reader
from sources.journal import JOURNAL
from sources.landing import Landing, open_landing
from sources.parts import write_parts
from tests.sources import paging
from tests.sources.paging import PAGE_ROWS, PagingSystem
from tests.sources.systems import PERIOD, landed, with_where

SCHEMA = pa.schema([("code", pa.string()), ("status", pa.string())])
PAGES = 8
ALL = [("dossiers", page) for page in range(PAGES)]


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts, groups and pages that end at different rows."""
    monkeypatch.setitem(reader.READERS, paging.KIND, paging.READER)  # type: ignore[arg-type]
    monkeypatch.setattr(parts, "PART_ROWS", 32)
    monkeypatch.setattr(parquet, "ROW_GROUP", 12)
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "landing"


@pytest.fixture
def system(tmp_path: Path) -> PagingSystem:
    return PagingSystem(tmp_path, dossiers=PAGES * PAGE_ROWS)


@pytest.fixture
def undisturbed(system: PagingSystem, tmp_path: Path) -> Landing:
    landing = landed(system.config, tmp_path / "undisturbed")
    assert system.asked() == ALL
    return landing


def names(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "huyen-thu" / PERIOD.id).iterdir() if path.name != ".lock")


def unfinished(root: Path) -> Path:
    [folder] = (root / "huyen-thu" / PERIOD.id).glob(".unfinished-*")
    return folder


def broken_off(system: PagingSystem, root: Path, *, at: int = 5) -> Path:
    """An extract that got no answer to that page; what it left."""
    system.break_at(at)
    with pytest.raises(SourceUnreachable):
        landed(system.config, root)
    assert system.asked()[-1] == ("dossiers", at - 1)
    system.break_at()
    return unfinished(root)


def pages(*numbers: int) -> list[tuple[str, int]]:
    return [("dossiers", number) for number in numbers]


texts = st.none() | st.text(st.characters(codec="utf-8"), max_size=3)
rows_of_two = st.lists(st.tuples(texts, texts), max_size=100)
cuts = st.lists(st.integers(0, 100))


def batches(rows: Sequence[tuple[str | None, str | None]], places: Sequence[int]) -> Iterator[pa.RecordBatch]:
    """The rows, cut at these places; a place that comes twice gives a batch without rows."""
    ends = [*sorted(min(place, len(rows)) for place in places), len(rows)]
    for start, end in zip([0, *ends], ends, strict=False):
        columns = [pa.array([row[n] for row in rows[start:end]], pa.string()) for n in range(2)]
        yield pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
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


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    breaks=st.lists(st.tuples(st.sampled_from(["dossiers", "pauses"]), st.integers(0, 4)), max_size=4),
    unmarked=st.sets(st.integers(1, 4)),
)
def test_wherever_it_breaks_off_the_same_lands_in_the_end(breaks: list[tuple[str, int]], unmarked: set[int]) -> None:
    with TemporaryDirectory() as name:
        system = PagingSystem(Path(name), dossiers=45, pauses=42)
        expected = landed(system.config, Path(name, "undisturbed"))
        system.no_mark_after(*unmarked)
        for table, page in breaks:
            system.break_at(page, name=table)
            with suppress(SourceUnreachable):  # not where it goes on behind that page
                landed(system.config, Path(name, "landing"))
        system.break_at()
        found = landed(system.config, Path(name, "landing"))
        assert (found.id, found.rows) == (expected.id, expected.rows)
        assert names(Path(name, "landing")) == [found.id]
        assert found.table("dossiers").equals(expected.table("dossiers"))


def test_it_goes_on_with_the_page_that_failed(system: PagingSystem, root: Path, undisturbed: Landing) -> None:
    broken_off(system, root, at=5)
    told: list[int] = []
    landing = landed(system.config, root, told.append)
    assert system.asked() == pages(5, 6, 7)
    assert landing.id == undisturbed.id
    assert sum(told) == PAGES * PAGE_ROWS


def test_a_table_that_was_finished_is_not_asked_again(tmp_path: Path, root: Path) -> None:
    system = PagingSystem(tmp_path, dossiers=20, pauses=20)
    system.break_at(0, name="pauses")
    with pytest.raises(SourceUnreachable):
        landed(system.config, root)
    system.break_at()
    system.asked()
    landed(system.config, root)
    assert system.asked() == [("pauses", 0), ("pauses", 1)]


def test_a_place_without_a_mark_is_none_to_go_on_from(system: PagingSystem, root: Path, undisturbed: Landing) -> None:
    system.no_mark_after(4, 5)
    broken_off(system, root, at=5)
    assert landed(system.config, root).id == undisturbed.id
    assert system.asked() == pages(3, 4, 5, 6, 7)


def test_rows_behind_the_last_mark_are_not_kept_twice(system: PagingSystem, root: Path, undisturbed: Landing) -> None:
    system.no_mark_after(4, 5)
    broken_off(system, root, at=5)
    broken_off(system, root, at=7)
    assert landed(system.config, root).id == undisturbed.id
    assert system.asked() == pages(7)


def test_what_went_on_was_read_when_it_began(system: PagingSystem, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken_off(system, root)
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T13:59:59")
    assert landed(system.config, root).extracted_at.hour == 8


def test_a_finished_extract_is_never_gone_on_from(system: PagingSystem, root: Path) -> None:
    broken_off(system, root)
    landed(system.config, root)
    system.asked()
    landed(system.config, root)
    assert system.asked() == ALL


def truncate_rows(folder: Path) -> None:
    rows = folder / "dossiers.rows"
    os.truncate(rows, rows.stat().st_size - 1)


def lose_rows(folder: Path) -> None:
    (folder / "dossiers.rows").unlink()


def damage_rows(folder: Path) -> None:
    rows = folder / "dossiers.rows"
    content = bytearray(rows.read_bytes())
    content[len(content) // 2] ^= 1
    rows.write_bytes(content)


def another_mark(folder: Path) -> None:
    journal = folder / JOURNAL
    journal.write_text(journal.read_text().replace("[5, 80]", "[6, 80]"))


def lose_the_journal(folder: Path) -> None:
    (folder / JOURNAL).unlink()


def a_journal_of_another_form(folder: Path) -> None:
    journal = folder / JOURNAL
    journal.write_text(journal.read_text().replace('"format": 1', '"format": 0'))


def a_line_of_another_form(folder: Path) -> None:
    journal = folder / JOURNAL
    journal.write_text(journal.read_text().replace('"sha256"', '"sha1"'))


@pytest.mark.parametrize(
    "damage",
    [
        truncate_rows,
        lose_rows,
        damage_rows,
        another_mark,
        lose_the_journal,
        a_journal_of_another_form,
        a_line_of_another_form,
    ],
)
def test_nothing_goes_on_from_what_is_damaged(
    system: PagingSystem, root: Path, undisturbed: Landing, damage: Callable[[Path], None]
) -> None:
    damage(broken_off(system, root))
    assert landed(system.config, root).id == undisturbed.id
    assert system.asked() == ALL


def a_torn_line(folder: Path) -> None:
    journal = folder / JOURNAL
    os.truncate(journal, journal.stat().st_size - 10)


def rows_without_a_line(folder: Path) -> None:
    with (folder / "dossiers.rows").open("ab") as rows:
        rows.write(b"half a ba")


@pytest.mark.parametrize(("torn", "goes_on_at"), [(a_torn_line, 4), (rows_without_a_line, 5)])
def test_what_a_kill_tore_is_read_again(
    system: PagingSystem, root: Path, undisturbed: Landing, torn: Callable[[Path], None], goes_on_at: int
) -> None:
    torn(broken_off(system, root, at=5))
    system.break_at(6)
    with pytest.raises(SourceUnreachable):
        landed(system.config, root)
    assert system.asked() == pages(*range(goes_on_at, 6))
    system.break_at()
    assert landed(system.config, root).id == undisturbed.id
    assert system.asked() == pages(6, 7)


@pytest.mark.parametrize(
    ("later", "asked"),
    [
        ("2024-12-16T13:59:59", pages(5, 6, 7)),
        ("2024-12-16T14:00:00", ALL),
        ("2024-12-16T07:59:59", ALL),
        ("2024-12-17T00:00:00", ALL),
    ],
)
def test_only_a_recent_extract_of_the_same_day_is_gone_on_with(
    system: PagingSystem, root: Path, monkeypatch: pytest.MonkeyPatch, later: str, asked: list[tuple[str, int]]
) -> None:
    broken_off(system, root)
    monkeypatch.setenv("CCHC_NOW", later)
    landed(system.config, root)
    assert system.asked() == asked


def test_midnight_ends_what_can_be_gone_on_with(
    system: PagingSystem, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T23:59:00")
    broken_off(system, root)
    monkeypatch.setenv("CCHC_NOW", "2024-12-17T00:01:00")
    assert landed(system.config, root).extracted_at.day == 17
    assert system.asked() == ALL


def test_another_structure_is_another_extract(system: PagingSystem, root: Path) -> None:
    broken_off(system, root)
    system.change("ALTER TABLE dossiers ADD COLUMN moi")
    assert "moi" in landed(system.config, root).schema.tables["dossiers"]
    assert system.asked() == ALL


def test_another_question_is_another_extract(system: PagingSystem, root: Path) -> None:
    left = broken_off(system, root)
    landing = landed(with_where(system.config, "TrangThai > 1"), root)
    assert system.asked() == ALL
    assert not left.exists()
    assert names(root) == [landing.id]


def test_a_source_that_is_refused_before_reading_keeps_what_was_read(system: PagingSystem, root: Path) -> None:
    broken_off(system, root)

    def refuse(_: object) -> None:
        raise SourceDrift("cấu trúc khác", source_id="huyen-thu")

    with pytest.raises(SourceDrift):
        landed(system.config, root, check=refuse)
    landed(system.config, root)
    assert system.asked() == pages(5, 6, 7)


def test_rows_that_changed_meanwhile_begin_anew_by_themselves(system: PagingSystem, root: Path) -> None:
    broken_off(system, root)
    system.add("dossiers", 1)
    assert landed(system.config, root).rows == {"dossiers": PAGES * PAGE_ROWS + 1}
    assert system.asked() == [*pages(5), *ALL, *pages(PAGES)]


def test_a_row_that_moved_behind_the_break_is_noticed_where_the_total_is_the_same(
    system: PagingSystem, root: Path
) -> None:
    broken_off(system, root)
    system.change("UPDATE dossiers SET rowid = 1000 WHERE rowid = 7")
    landing = landed(system.config, root)
    assert len(set(landing.table("dossiers")["MaHoSo"].to_pylist())) == PAGES * PAGE_ROWS
    assert system.asked() == [*pages(5, 6, 7), *ALL]


def test_rows_that_change_while_they_are_read_end_the_extract(system: PagingSystem, root: Path) -> None:
    read = 0

    def one_more(rows: int) -> None:
        nonlocal read
        read += rows
        if read % (4 * PAGE_ROWS) == 0:
            system.add("dossiers", 1)

    broken_off(system, root)
    with pytest.raises(SourceChanged):
        landed(system.config, root, one_more)
    assert names(root) == []
    system.asked()
    landed(system.config, root)
    assert system.asked()[0] == ("dossiers", 0)


def test_a_try_that_brings_nothing_more_is_the_last_of_its_extract(system: PagingSystem, root: Path) -> None:
    broken_off(system, root, at=5)
    system.break_at(5)
    with pytest.raises(SourceUnreachable):
        landed(system.config, root)
    assert names(root) == []


def test_what_is_unfinished_is_not_open_to_others(system: PagingSystem, root: Path) -> None:
    before = os.umask(0o027)
    try:
        left = broken_off(system, root)
    finally:
        os.umask(before)
    assert not [path for path in (left, *left.iterdir()) if path.stat().st_mode & 0o007]


def test_a_reader_that_cannot_go_on_leaves_nothing(system: PagingSystem, root: Path) -> None:
    sql = replace(system.config, kind="sqlite")
    with pytest.raises(ZeroDivisionError):
        landed(sql, root, lambda rows: 1 // 0)
    assert names(root) == []
