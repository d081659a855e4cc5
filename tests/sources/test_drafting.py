"""A draft is sound TOML and CSV whatever a system calls its things, and says of codes what it was told, no more."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.personal import is_forbidden
from contracts.province import read_province
from contracts.settings import REPOSITORY
from contracts.table_spec import SqlTable
from sources.exploring.code_lists import code_list
from sources.exploring.drafting import Draft, drafted, write_folder
from sources.exploring.explore import DateColumn, FoundTable, WindowColumns
from sources.exploring.proposal import Proposal, ProposedColumn, ProposedTable
from sources.exploring.window_sql import window

UNITS = read_province(REPOSITORY / "provinces" / "khanh-hoa").units
DRAFT = Draft("la", "Hệ thống «lạ»", "sqlite", 'a"b\\c', "", "", {"tls": "off"})
names = st.text(min_size=1, max_size=20)
codes = st.lists(st.text(max_size=12), max_size=8)


def proposal(columns: list[str], statuses: list[str]) -> Proposal:
    found = FoundTable("t", dict.fromkeys(columns, ""), SqlTable(from_="t", key=columns[0]), note="xem lại")
    wanted = WindowColumns(DateColumn("a", "iso"), DateColumn("b", "iso"), "c", tuple(statuses))
    where = window("sqlite", wanted, str)
    table = ProposedTable(
        "dossiers", found, (ProposedColumn("status", columns[-1], "", "đề nghị kiểm tra"),), where, where
    )
    known = code_list((code,) for code in statuses)
    return Proposal(table, None, {"status": known, "channel": None, "agency": known}, ((found, ()),))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@given(st.lists(names, min_size=1, max_size=6), codes)
def test_whatever_things_are_called_the_draft_can_be_read(columns: list[str], statuses: list[str]) -> None:
    seen = proposal(columns, statuses)
    texts = drafted(DRAFT, seen, UNITS)
    source = tomllib.loads(texts["source.toml"])
    assert source["address"] == DRAFT.address
    assert source["tables"]["dossiers"]["where"].strip() == seen.dossiers.where.strip()
    assert source["tables"]["dossiers"]["key"] == columns[0]
    known = seen.codes["status"] or []
    assert [row["code"] for row in rows(texts["status_map.csv"])] == [code.code for code in known]
    assert [row["local_code"] for row in rows(texts["unit_map.csv"])] == [code.code for code in known]
    assert len(rows(texts["column_map.csv"])) == 1


@given(st.lists(names, min_size=1, max_size=6))
def test_a_personal_column_is_in_no_setting(columns: list[str]) -> None:
    text = drafted(DRAFT, proposal(["a", *columns, "b"], []), UNITS)["source.toml"]
    said = repr(tomllib.loads(text)["tables"])
    assert not [c for c in columns if is_forbidden(c) and len(c) > 6 and c in said]


@given(st.lists(st.integers(0, 200).map(str), max_size=8))
def test_a_number_is_left_for_a_person(statuses: list[str]) -> None:
    texts = drafted(DRAFT, proposal(["a"], statuses), UNITS)
    assert {row["group"] for row in rows(texts["status_map.csv"])} <= {""}


def test_nothing_is_left_of_a_draft_that_cannot_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "sources" / "la"
    with pytest.raises(UnicodeEncodeError):
        write_folder(folder, {"source.toml": "id = 1\n", "unit_map.csv": "\ud800"})
    assert not list((tmp_path / "sources").iterdir())


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "la").mkdir()
    (tmp_path / "la" / "source.toml").write_text("mine")
    with pytest.raises(FileExistsError):
        write_folder(tmp_path / "la", {"source.toml": "theirs"})
    assert (tmp_path / "la" / "source.toml").read_text() == "mine"
