"""Going on from a journal: only where everything it promises is there, recent, and of the same question."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from contracts.errors import SourceDrift, SourceUnreachable
from sources.landing import Landing
from sources.landing.journal import FORMAT, JOURNAL
from tests.sources.breaking import ALL, broken_off, names, pages, root, small_parts, system, undisturbed
from tests.sources.paging import PagingSystem
from tests.sources.systems import landed, with_where

__all__ = ["root", "small_parts", "system", "undisturbed"]


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
    journal.write_text(journal.read_text().replace(f'"format": {FORMAT}', '"format": 0'))


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


@pytest.mark.parametrize(("torn", "goes_on_at"), [(a_torn_line, 3), (rows_without_a_line, 4)])
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
    assert system.asked() == pages(5, 6, 7)


@pytest.mark.parametrize(
    ("later", "asked"),
    [
        ("2024-12-16T08:14:59", pages(4, 5, 6, 7)),
        ("2024-12-16T08:15:00", ALL),
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
    assert system.asked() == pages(4, 5, 6, 7)


def test_what_is_unfinished_is_not_open_to_others(system: PagingSystem, root: Path) -> None:
    before = os.umask(0o027)
    try:
        left = broken_off(system, root)
    finally:
        os.umask(before)
    assert not [path for path in (left, *left.iterdir()) if path.stat().st_mode & 0o007]
