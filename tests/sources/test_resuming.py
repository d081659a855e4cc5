"""However an extract was broken off, what lands in the end is what an undisturbed one lands."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.errors import SourceChanged, SourceUnreachable
from sources.landing import Landing, land
from tests.sources.breaking import ALL, PAGES, broken_off, names, pages, root, small_parts, system, undisturbed
from tests.sources.paging import PAGE_ROWS, PagingSystem
from tests.sources.systems import PERIOD, landed
from tests.tried import tried

__all__ = ["root", "small_parts", "system", "undisturbed"]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=tried(20))
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


def test_it_goes_on_with_the_page_before_the_one_that_failed(
    system: PagingSystem, root: Path, undisturbed: Landing
) -> None:
    broken_off(system, root, at=5)
    told: list[int] = []
    landing = landed(system.config, root, told.append)
    assert system.asked() == pages(4, 5, 6, 7)
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
    assert system.asked() == pages(2, 3, 4, 5, 6, 7)


def test_rows_behind_the_last_mark_are_not_kept_twice(system: PagingSystem, root: Path, undisturbed: Landing) -> None:
    system.no_mark_after(4, 5)
    broken_off(system, root, at=5)
    broken_off(system, root, at=7)
    assert landed(system.config, root).id == undisturbed.id
    assert system.asked() == pages(6, 7)


def test_what_went_on_was_read_when_it_began(system: PagingSystem, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken_off(system, root)
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:14:59")
    assert landed(system.config, root).extracted_at.hour == 8


def test_a_finished_extract_is_never_gone_on_from(system: PagingSystem, root: Path) -> None:
    broken_off(system, root)
    landed(system.config, root)
    system.asked()
    landed(system.config, root)
    assert system.asked() == ALL


def test_rows_that_changed_meanwhile_begin_anew_by_themselves(system: PagingSystem, root: Path) -> None:
    broken_off(system, root)
    system.add("dossiers", 1)
    assert landed(system.config, root).rows == {"dossiers": PAGES * PAGE_ROWS + 1}
    assert system.asked() == [*pages(4), *ALL, *pages(PAGES)]


def test_a_row_that_moved_behind_the_break_is_noticed_where_the_total_is_the_same(
    system: PagingSystem, root: Path
) -> None:
    broken_off(system, root)
    system.change("UPDATE dossiers SET rowid = 1000 WHERE rowid = 7")
    system.change("UPDATE dossiers SET rowid = 7 WHERE rowid = 60")  # in its place: the pages after are as they were
    landing = landed(system.config, root)
    assert len(set(landing.table("dossiers")["MaHoSo"].to_pylist())) == PAGES * PAGE_ROWS
    assert system.asked() == [*pages(4, 5, 6, 7), *ALL]


@pytest.mark.parametrize(
    "changed", ["DELETE FROM dossiers WHERE rowid = 7", "UPDATE dossiers SET TrangThai = 5 WHERE rowid = 45"]
)
def test_what_was_removed_or_corrected_before_the_break_is_not_gone_on_with(
    system: PagingSystem, root: Path, changed: str
) -> None:
    """The total is as it was: another one came in."""
    broken_off(system, root)
    system.change(changed)
    if changed.startswith("DELETE"):
        system.change("INSERT INTO dossiers SELECT * FROM dossiers WHERE rowid = 80")
        system.change("UPDATE dossiers SET MaHoSo = 'moi' WHERE rowid = 81")
    landing = landed(system.config, root)
    assert system.asked() == [*pages(4), *ALL]
    table = landing.table("dossiers")
    assert ("moi" in table["MaHoSo"].to_pylist()) or ("5" in table["TrangThai"].to_pylist())


def test_what_is_asked_for_afresh_is_read_from_the_first_row(system: PagingSystem, root: Path) -> None:
    """A dossier of the first page was corrected since: nothing behind it tells."""
    broken_off(system, root)
    system.change("UPDATE dossiers SET TrangThai = 5 WHERE rowid = 1")
    landing = land(system.config, PERIOD, root=root, afresh=True)
    assert system.asked() == ALL
    assert landing.table("dossiers")["TrangThai"][0].as_py() == "5"


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


def test_a_reader_that_cannot_go_on_leaves_nothing(system: PagingSystem, root: Path) -> None:
    sql = replace(system.config, kind="sqlite")
    with pytest.raises(ZeroDivisionError):
        landed(sql, root, lambda rows: 1 // 0)
    assert names(root) == []
