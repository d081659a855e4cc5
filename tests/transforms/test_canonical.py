"""What a landed row means: one row out for each row in, nothing guessed, nothing silently emptied."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codes import Channel, Level, Status
from contracts.columns import DERIVED_DOSSIER_COLUMNS, DOSSIER_COLUMNS, PAUSE_COLUMNS, TABLES
from contracts.province import Procedure, Province, ProvinceFile, ReportSettings
from contracts.source_config import ColumnMap, SourceConfig, TableMap
from contracts.table_spec import SqlTable
from contracts.units import Unit, UnitTree
from tests.tried import tried
from transforms.canonical import canonical_dossiers, canonical_pauses

FORMATS = {
    "received_date": "iso",
    "due_date": "%d/%m/%Y %H:%M",
    "end_date": "yyyyMMddHHmmss",
    "linked": "1|Có",
    "pause_from": "iso",
    "pause_to": "iso",
    "pause_kind": "5=supplement|Nộp phí, lệ phí=payment",
}
ROW = {
    "dossier_code": "H32.30-241015-0001",
    "procedure_code": "1.000635",
    "field": "Hộ tịch",
    "agency": "H32.30",
    "status": "9",
    "channel": "1",
    "received_date": "2024-10-15 08:30:00",
    "due_date": "20/10/2024 17:00",
    "end_date": "20241018093000",
    "linked": "1",
}
PAUSE = {"dossier_code": ROW["dossier_code"], "pause_from": "2024-10-16", "pause_to": None, "pause_kind": "5"}


def table_map(name: str, columns: dict[str, object]) -> TableMap:
    """Each column is fed by a source column of the same name in capitals."""
    mapped = [ColumnMap(c, c.name.upper(), FORMATS.get(c.name, "")) for c in TABLES[name] if c.name in columns]
    return TableMap(name, SqlTable(), tuple(mapped))


SOURCE = SourceConfig(
    id="thu",
    name="Hệ thống thử",
    kind="sqlite",
    address="",
    units=("H32.30",),
    contact="",
    timeout_seconds=1,
    folder=Path(),
    tables={"dossiers": table_map("dossiers", ROW), "pauses": table_map("pauses", PAUSE)},
    status_map={"1": Status.NOT_RECEIVED, "5": Status.PAUSED, "9": Status.DONE, "Đã xong": Status.DONE},
    channel_map={"1": Channel.IN_PERSON, "2": Channel.ONLINE},
    unit_map={},
)
UNITS = UnitTree(
    (
        Unit("H32", "56", "tỉnh Khánh Hòa", Level.PROVINCE, "", None, None, True),
        Unit("H32.30", "568", "thành phố Nha Trang", Level.DISTRICT, "H32", None, None, True),
        Unit("H32.01", "H32.01", "Sở Nội vụ", Level.DEPARTMENT, "H32", None, None, True),
    )
)
REPORT = ReportSettings(
    superior="", issuer="", document_code="", place="", signer_authority="", signer_title="", recipients=[]
)
PROVINCE = Province(
    folder=Path(),
    file=ProvinceFile(id="thu", name="Thử", unit_code="56", report=REPORT),
    units=UNITS,
    procedures={"1.000635": Procedure("1.000635", "Kết hôn", "Hộ tịch", True), "1.9": Procedure("1.9", "", "", False)},
    rest_days={},
)


def landed(*rows: dict[str, str | None], name: str = "dossiers") -> pa.Table:
    """As a landing gives it: dictionary-encoded text under the source's names."""
    mapped = {c.source_column: c.column.name for c in SOURCE.tables[name].columns}
    columns = {source: [row[ours] for row in rows] for source, ours in mapped.items()}
    columns["_address"] = [str(place) for place in range(len(rows))]
    return pa.table({k: pa.array(v, pa.string()).dictionary_encode() for k, v in columns.items()})


def pauses_of(*rows: dict[str, str | None]) -> pd.DataFrame:
    return canonical_pauses(landed(*[{**PAUSE, **row} for row in rows], name="pauses"), SOURCE)


def one(*, source: SourceConfig = SOURCE, pauses: pd.DataFrame | None = None, **changes: str | None) -> pd.Series:
    return canonical_dossiers(landed({**ROW, **changes}), source, PROVINCE, pauses).iloc[0]


def test_a_whole_row() -> None:
    row = one()
    assert row["dossier_code"] == "H32.30-241015-0001"
    assert (row["procedure_code"], row["field"]) == ("1.000635", "Hộ tịch")
    assert (row["agency"], row["agency_code"], row["unit_code"]) == ("H32.30", "H32.30", "568")
    assert (row["status"], row["status_local"], row["channel"], row["channel_local"]) == ("done", "9", "in_person", "1")
    assert [str(row[c])[:10] for c in ("received_date", "due_date", "end_date")] == [
        "2024-10-15",
        "2024-10-20",
        "2024-10-18",
    ]
    assert (row["linked"], row["unparsed"], row["paused_undated"]) == (True, "", False)
    assert (row["row"], row["address"]) == (0, "0")
    assert pd.isna(row["returned_date"])
    assert pd.isna(row["service_level"])


def test_the_frame_has_every_declared_column_in_order() -> None:
    declared = [c.name for c in (*DOSSIER_COLUMNS, *DERIVED_DOSSIER_COLUMNS)]
    for table in (landed(), landed(ROW)):
        frame = canonical_dossiers(table, SOURCE, PROVINCE)
        assert list(frame.columns) == declared
        dates = frame[[c.name for c in DOSSIER_COLUMNS if c.kind == "date"]].dtypes
        assert set(map(str, dates)) == {"datetime64[s]"}
        assert str(frame["dossier_code"].dtype) == "str"
        assert list(frame["status"].cat.categories) == [str(s) for s in Status]


STATUSES = """
    written    | status       | status_local
    9          | done         | 9
     9         | done         | 9
    Đã xong    | done         | Đã xong
    Đã\u00a0xong    | done         | Đã xong
    09         | –            | 09
    9.0        | –            | 9.0
    đã xong    | –            | đã xong
    Đã xóng    | –            | Đã xóng
    –          | –            | –
"""


def rules(text: str) -> list[tuple[str | None, ...]]:
    """Lines of a table; – is missing."""
    lines = [line.split("|") for line in text.strip().splitlines()[1:]]
    return [tuple(None if cell.strip() == "–" else cell.strip("\t ").strip() for cell in line) for line in lines]


def same(found: object, expected: str | None) -> bool:
    return bool(pd.isna(found)) if expected is None else found == expected


@pytest.mark.parametrize(("written", "status", "local"), rules(STATUSES))
def test_a_status_is_what_the_map_says_or_unknown(written: str | None, status: str | None, local: str | None) -> None:
    row = one(status=written)
    assert same(row["status"], status)
    assert same(row["status_local"], local)


def test_a_map_written_in_combining_marks_means_the_same() -> None:
    source = dataclasses.replace(SOURCE, status_map={"\u0110a\u0303  xong": Status.STOPPED})
    assert one(source=source, status="Đã xong")["status"] == "stopped"


def test_decomposed_text_is_the_same_text() -> None:
    row = one(status="\u0110a\u0303 xong", field="Đâ\u0301t  đai\n", procedure_code="9.999999", dossier_code=" H1 ")
    assert (row["status"], row["field"], row["dossier_code"]) == ("done", "Đất đai", "H1")


def test_letters_are_never_folded() -> None:
    rows = [
        {**ROW, "procedure_code": "x", "field": field} for field in ("Hoà giải", "Hòa giải", "hòa giải", "HÒA GIẢI")
    ]
    assert canonical_dossiers(landed(*rows), SOURCE, PROVINCE)["field"].nunique() == 4


PROCEDURES = """
    written                    | procedure_code             | source's field | field
    1.000635                   | 1.000635                   | Khác           | Hộ tịch
    1.000635.000.00.00.H38     | 1.000635                   | –              | Hộ tịch
    1.011442.000.00.00.H38     | 1.011442                   | Đất đai        | Đất đai
    1.011442                   | 1.011442                   | –              | Chưa xác định
    1.000635.000               | 1.000635.000               | Đất đai        | Đất đai
    1.9                        | 1.9                        | Đất đai        | Đất đai
    THUTUC01                   | THUTUC01                   |                | Chưa xác định
    –                          | –                          | Đất đai        | Đất đai
"""


@pytest.mark.parametrize(("written", "code", "field", "expected"), rules(PROCEDURES))
def test_the_field_is_the_catalogue_s_else_the_source_s(
    written: str | None, code: str | None, field: str | None, expected: str
) -> None:
    row = one(procedure_code=written, field=field)
    assert same(row["procedure_code"], code)
    assert row["field"] == expected


AGENCIES = """
    written    | unit map           | agency_code | unit_code
    H32.30     |                    | H32.30      | 568
    H32.01     |                    | H32.01      | H32.01
    H32.99     |                    | –           | –
    –          |                    | –           | –
    07         | 07=H32.30          | H32.30      | 568
    7          | 07=H32.30          | –           | –
    H32.30     | 07=H32.30          | –           | –
    07         | 07=H32.99          | –           | –
"""


@pytest.mark.parametrize(("written", "unit_map", "agency_code", "unit_code"), rules(AGENCIES))
def test_the_agency_is_found_in_the_tree_or_missing(
    written: str | None, unit_map: str, agency_code: str | None, unit_code: str | None
) -> None:
    known = dict([unit_map.split("=")]) if unit_map else {}
    row = one(source=dataclasses.replace(SOURCE, unit_map=known), agency=written)
    assert same(row["agency"], written)
    assert same(row["agency_code"], agency_code)
    assert same(row["unit_code"], unit_code)


@pytest.mark.parametrize(
    ("written", "linked"),
    [("1", True), ("Có", True), (" Co\u0301 ", True), ("0", False), ("có", False), ("", False), (None, False)],
)
def test_a_flag_is_yes_only_for_the_values_that_mean_yes(written: str | None, linked: bool) -> None:
    assert one(linked=written)["linked"] == linked


@pytest.mark.parametrize("yes", ["true", "TRUE", "1|True"])
@pytest.mark.parametrize(("written", "linked"), [("TRUE", True), ("true", True), ("FALSE", False), ("f", False)])
def test_a_truth_value_may_be_written_in_any_letters(yes: str, written: str, linked: bool) -> None:
    """PostgreSQL writes true, a workbook TRUE, and whoever maps the column either."""
    table = SOURCE.tables["dossiers"]
    columns = [dataclasses.replace(c, format=yes) if c.column.name == "linked" else c for c in table.columns]
    source = dataclasses.replace(SOURCE, tables={"dossiers": dataclasses.replace(table, columns=tuple(columns))})
    assert one(source=source, linked=written)["linked"] == linked


def test_columns_that_cannot_be_read_are_named() -> None:
    row = one(received_date="hôm qua", due_date="31/02/2024 08:00", end_date=" ")
    assert row["unparsed"] == "received_date,due_date"
    assert row[["received_date", "due_date", "end_date"]].isna().all()


def test_a_true_date_cell_needs_no_pattern_in_a_workbook() -> None:
    workbook = dataclasses.replace(SOURCE, kind="excel")
    assert str(one(source=workbook, due_date="2024-10-20")["due_date"])[:10] == "2024-10-20"
    assert one(due_date="2024-10-20")["unparsed"] == "due_date"


PAUSED = """
    pauses (from..to)                     | undated | unparsed
                                          | yes     |
    2024-10-16..                          | no      |
    2024-10-16..2024-10-18                | yes     |
    2024-10-16..2024-10-18 2024-10-20..   | no      |
    ..                                    | yes     | pause_from
    ..2024-10-18                          | yes     | pause_from
    hôm_nọ..                              | yes     | pause_from
    2024-10-16..mai                       | yes     | pause_to
    2024-10-16..mai 2024-10-20..          | no      | pause_to
"""


@pytest.mark.parametrize(("written", "undated", "unparsed"), rules(PAUSED))
def test_a_paused_dossier_needs_a_dated_pause(written: str, undated: str, unparsed: str) -> None:
    intervals = [interval.split("..") for interval in written.split()]
    pauses = pauses_of(*[{"pause_from": first or None, "pause_to": last or None} for first, last in intervals])
    row = one(status="5", pauses=pauses)
    assert bool(row["paused_undated"]) is (undated == "yes")
    assert row["unparsed"] == unparsed
    assert not one(status="9", pauses=pauses)["paused_undated"]
    assert not one(status="5", dossier_code="khác", pauses=pauses)["unparsed"]


def test_without_pauses_a_paused_dossier_is_undated() -> None:
    assert one(status="5")["paused_undated"]
    assert one(status="5", pauses=canonical_pauses(None, SOURCE))["paused_undated"]


def test_a_pause_without_a_dossier_code_is_nobody_s() -> None:
    assert one(status="5", dossier_code=None, pauses=pauses_of({"dossier_code": None}))["paused_undated"]


def test_pauses() -> None:
    pauses = pauses_of({}, {"pause_kind": "Nộp phí, lệ phí", "pause_to": "2024-10-19"}, {"pause_kind": "?"})
    assert list(pauses.columns) == [*(c.name for c in PAUSE_COLUMNS), "address", "unparsed"]
    assert pauses["pause_kind"].astype("str").tolist()[:2] == ["supplement", "payment"]
    assert pauses["pause_kind"].isna().tolist() == [False, False, True]
    assert pauses["pause_to"].notna().tolist() == [False, True, False]
    assert list(canonical_pauses(None, SOURCE).columns) == list(pauses.columns)
    assert canonical_pauses(None, SOURCE).dtypes.astype(str).to_dict() == pauses.dtypes.astype(str).to_dict()


def test_an_unmapped_pause_kind_is_a_pause() -> None:
    columns = tuple(c for c in SOURCE.tables["pauses"].columns if c.column.name != "pause_kind")
    bare = TableMap("pauses", SqlTable(), columns)
    source = dataclasses.replace(SOURCE, tables={**SOURCE.tables, "pauses": bare})
    assert canonical_pauses(landed(PAUSE, name="pauses"), source)["pause_kind"].isna().all()


TEXTS = (
    st.none() | st.sampled_from(["", " ", "9", "5", "1", "H32.30", "2024-10-15", "20/10/2024 17:00", "x"]) | st.text()
)
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(ROW, TEXTS)), max_size=12)


@settings(max_examples=tried(60), deadline=None)
@given(ROWS)
def test_every_row_comes_out_once_and_nothing_is_silently_emptied(rows: list[dict[str, str | None]]) -> None:
    rows = [{k: v and v.encode("utf-8", "ignore").decode() for k, v in row.items()} for row in rows]
    frame = canonical_dossiers(landed(*rows), SOURCE, PROVINCE, pauses_of({}))
    assert frame["row"].tolist() == list(range(len(rows)))
    for row, found in zip(rows, frame.to_dict("records"), strict=True):
        for name in ("received_date", "due_date", "end_date"):
            written = bool((row[name] or "").strip())
            assert written == (not pd.isna(found[name]) or name in found["unparsed"].split(","))
        for ours, local in (("status", "status_local"), ("channel", "channel_local")):
            assert bool((row[ours] or "").split()) == (not pd.isna(found[local]))


@settings(max_examples=tried(40), deadline=None)
@given(ROWS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(range(len(rows))))))
def test_the_order_of_rows_changes_nothing_but_their_place(
    drawn: tuple[list[dict[str, str | None]], list[int]],
) -> None:
    rows, order = drawn
    rows = [{k: v and v.encode("utf-8", "ignore").decode() for k, v in row.items()} for row in rows]
    columns = [c.name for c in DOSSIER_COLUMNS] + ["agency_code", "status_local", "unparsed", "paused_undated"]
    straight = canonical_dossiers(landed(*rows), SOURCE, PROVINCE)[columns]
    shuffled = canonical_dossiers(landed(*[rows[place] for place in order]), SOURCE, PROVINCE)[columns]
    pd.testing.assert_frame_equal(straight.iloc[order].reset_index(drop=True), shuffled)
