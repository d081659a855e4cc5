"""What is read of a CSV file that a unit sends: every row with its line, and none moved by a cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.errors import SourceDrift, SourceUnreachable
from contracts.source_config import SourceConfig
from contracts.table_spec import FileConnection, FileTable
from sources.files.csv_file import single_lines
from sources.files.encodings import CODECS
from sources.files.sent_files import BLOCK
from sources.reader import open_reader, probe
from tests.sources.systems import (
    HEADS,
    IN_WORDS,
    PAUSE_COLUMNS,
    PERIOD,
    landed,
    rows_of,
    source,
    table_map,
)
from tests.tried import tried

HEAD_TEXTS = [head for head, _ in HEADS.values()]
ROW = ["1", *(cell or "" for cell in IN_WORDS), "Nguyễn Thị Riêng"]
HEAD = ["TT", *HEAD_TEXTS, "Họ và tên"]
LANDED = tuple(IN_WORDS)
NOTHING = (None,) * len(HEADS)


def csv_source(folder: Path, content: str | bytes, *, encoding: str = "utf-8", **spec: object) -> SourceConfig:
    path = folder / "2024Q4.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(CODECS[encoding]))
    table = table_map("dossiers", HEADS, FileTable(**spec))  # type: ignore[arg-type]
    config = source(path, {"dossiers": table}, kind="csv")
    return replace(config, connection=FileConnection(encoding=encoding))  # type: ignore[arg-type]


def text(*rows: Sequence[str], delimiter: str = ",", end: str = "\r\n") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator=end).writerows([HEAD, *rows])
    return written.getvalue()


def read(config: SourceConfig) -> list[tuple[str | None, ...]]:
    with open_reader(config) as reader:
        return [row for batch in reader.read(config.tables["dossiers"], PERIOD.window) for row in rows_of(batch)]


def lines(config: SourceConfig) -> list[str]:
    return [str(row[-1]).removeprefix("2024Q4.csv!") for row in read(config)]


def with_cell(place: int, cell: str) -> list[str]:
    return [*ROW[: place + 1], cell, *ROW[place + 2 :]]


@pytest.mark.parametrize("encoding", CODECS)
def test_the_same_rows_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    content = text(ROW, ROW)
    probe(config := csv_source(tmp_path, content, encoding=encoding))
    assert read(config) == [(*LANDED, "2024Q4.csv!2"), (*LANDED, "2024Q4.csv!3")]


def test_a_byte_order_mark_is_no_part_of_the_first_head(tmp_path: Path) -> None:
    heads = text(ROW).removeprefix("TT,").replace("\r\n1,", "\r\n")
    for mark in ("", "\ufeff"):
        assert read(csv_source(tmp_path, (mark + heads).encode()))[0][:-1] == LANDED


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_utf_16_of_either_order(tmp_path: Path, order: str) -> None:
    config = csv_source(tmp_path, ("\ufeff" + text(ROW)).encode(order), encoding="utf-16")
    assert read(config)[0][:-1] == LANDED


@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_the_delimiter_is_found_by_the_heads(tmp_path: Path, delimiter: str) -> None:
    content = text(with_cell(3, "Đã; xong, | rồi"), delimiter=delimiter)
    assert read(csv_source(tmp_path, content))[0][3] == "Đã; xong, | rồi"


def test_a_delimiter_that_was_configured_is_taken(tmp_path: Path) -> None:
    config = csv_source(tmp_path, text(ROW, delimiter=";"))
    with pytest.raises(SourceDrift, match="không giống dòng tiêu đề"):
        read(replace(config, connection=FileConnection(delimiter=",")))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_counts_one_line(tmp_path: Path, end: str) -> None:
    assert lines(csv_source(tmp_path, text(ROW, ROW, ROW, end=end))) == ["2", "3", "4"]


def test_a_cell_over_several_lines_counts_them(tmp_path: Path) -> None:
    config = csv_source(tmp_path, text(with_cell(2, "UBND xã A\r\nBộ phận Một cửa\n"), ROW))
    assert lines(config) == ["2", "5"]
    assert read(config)[0][2] == "UBND xã A\r\nBộ phận Một cửa\n"


def test_signs_that_only_look_like_an_end_of_line_are_none(tmp_path: Path) -> None:
    cell = "a\x0bb\x0cc\x1cd\x85e\u2028f"
    config = csv_source(tmp_path, text(with_cell(2, cell), ROW))
    assert [row[2] for row in read(config)] == [cell, IN_WORDS[2]]
    assert lines(config) == ["2", "3"]


CELLS = [
    # in the file        landed as
    ("", None),
    (" ", " "),
    ("0012", "0012"),
    ('"', '"'),
    ('Công ty "ABC"', 'Công ty "ABC"'),
    ("  x  ", "  x  "),
    ("Ho\u0300a", "Ho\u0300a"),
    ("=1+1", "=1+1"),
]


@pytest.mark.parametrize(("cell", "landed_as"), CELLS)
def test_a_cell_is_landed_as_it_was_written(tmp_path: Path, cell: str, landed_as: str | None) -> None:
    assert read(csv_source(tmp_path, text(with_cell(2, cell))))[0][2] == landed_as


PRINTABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@settings(max_examples=tried(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(PRINTABLE, min_size=3, max_size=3), min_size=1, max_size=12), st.sampled_from([",", ";"]))
def test_any_cells_come_back_with_the_line_that_they_begin_on(
    tmp_path: Path, cells: list[list[str]], delimiter: str
) -> None:
    rows = [["1", "H32-0001", *some, *ROW[5:]] for some in cells]
    content = text(*rows, delimiter=delimiter)
    begin, expected = 2, []
    for row, some in zip(rows, cells, strict=True):
        expected.append((tuple(cell or None for cell in some), f"2024Q4.csv!{begin}"))
        one = io.StringIO()
        csv.writer(one, delimiter=delimiter, lineterminator="\n").writerow(row)
        begin += len(one.getvalue().replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1
    assert [(row[1:4], row[-1]) for row in read(csv_source(tmp_path, content))] == expected


@given(st.text(alphabet='a,;"\n\r\u0085 ', max_size=30))
def test_the_quick_way_gives_what_csv_gives_or_nothing(content: str) -> None:
    quick = single_lines(content, ",") if content else []
    if quick is not None:
        reader = csv.reader(io.StringIO(content, newline=""), strict=True)
        assert quick == list(reader)
        assert reader.line_num == len(quick)


@pytest.mark.parametrize("size", [BLOCK - 1, BLOCK, BLOCK + 1])
def test_letters_and_rows_that_stand_on_the_edge_of_a_block_are_whole(tmp_path: Path, size: int) -> None:
    """A letter of three bytes, or a quoted end of line, falls on the edge as the file grows by single bytes."""
    row = with_cell(0, "x" * 1_000)
    short = text(*[row] * ((size - 2_000) // len((text(row).removeprefix(text())).encode())))
    for shift in range(0, 24):
        filling = "x" * (size - len(short.encode()) - 120 + shift)
        content = short + text(with_cell(0, filling), with_cell(2, "ềề\r\nềề"), ROW).split("\r\n", 1)[1]
        found = read(csv_source(tmp_path, content))
        assert [row[2] for row in found[-3:]] == [IN_WORDS[2], "ềề\r\nềề", IN_WORDS[2]]
        assert found[-3][0] == filling


def test_many_rows_come_in_batches(tmp_path: Path) -> None:
    config = csv_source(tmp_path, text(*[ROW] * 12_001))
    with open_reader(config) as reader:
        sizes = [batch.num_rows for batch in reader.read(config.tables["dossiers"], PERIOD.window)]
    assert sum(sizes) == 12_001
    assert max(sizes) <= 100_000
    assert lines(config)[-1] == "12002"


def test_a_file_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    assert landed(csv_source(tmp_path, text()), tmp_path / "landing").rows == {"dossiers": 0}
    assert read(csv_source(tmp_path, text().strip())) == []


def test_nothing_of_a_person_is_landed(tmp_path: Path) -> None:
    landing = landed(csv_source(tmp_path, text(ROW)), tmp_path / "landing")
    assert landing.table("dossiers").column_names == [*HEAD_TEXTS, "_address"]
    assert ROW[-1] not in rows_of(landing.table("dossiers"))[0]


# --- rows that have other cells than heads --------------------------------------------------------------------------

RAGGED = [
    ("a delimiter inside a cell", [*ROW[:3], "Xã A", *ROW[3:]]),
    ("a cell too few", ROW[:-1]),
    ("half a row", ROW[:4]),
    ("an empty cell too many", [*ROW, ""]),
]


@pytest.mark.parametrize("row", [row for _, row in RAGGED], ids=[what for what, _ in RAGGED])
def test_a_ragged_row_is_landed_without_cells_and_not_shifted(tmp_path: Path, row: list[str]) -> None:
    found = read(csv_source(tmp_path, text(ROW, row, ROW)))
    assert found == [(*LANDED, "2024Q4.csv!2"), (*NOTHING, "2024Q4.csv!3"), (*LANDED, "2024Q4.csv!4")]


def test_a_quote_in_the_wrong_place_costs_its_row_alone(tmp_path: Path) -> None:
    content = text(ROW, ROW, ROW).split("\r\n")
    content[2] = content[2].replace("Đã xong", '"Đã" xong')
    found = read(csv_source(tmp_path, "\r\n".join(content)))
    assert found == [(*LANDED, "2024Q4.csv!2"), (*NOTHING, "2024Q4.csv!3"), (*LANDED, "2024Q4.csv!4")]


def swallowing(content: str, old: str, new: str, row: int) -> str:
    rows = content.split("\r\n")
    rows[row] = rows[row].replace(old, new)
    return "\r\n".join(rows)


UNCLOSED = [
    ("never closed", [(1, "Đã xong", '"Đã xong')]),
    (
        "closed rows later in the same column",
        [(1, ",Nguyễn Thị Riêng", ',"Nguyễn'), (3, ",Nguyễn Thị Riêng", ',Riêng"')],
    ),
    ("closed in the next row", [(1, "Đã xong", '"Đã xong'), (2, "Đã xong", 'Đã xong"')]),
]


@pytest.mark.parametrize("spoilt", [spoilt for _, spoilt in UNCLOSED], ids=[what for what, _ in UNCLOSED])
def test_a_quote_that_swallows_rows_stops_the_file(tmp_path: Path, spoilt: list[tuple[int, str, str]]) -> None:
    content = text(*[ROW] * 6)
    for row, old, new in spoilt:
        content = swallowing(content, old, new, row)
    with pytest.raises(SourceUnreachable, match="dấu nháy kép ở dòng 2"):
        read(csv_source(tmp_path, content))
    with pytest.raises(SourceUnreachable):
        landed(csv_source(tmp_path, content), tmp_path / "landing")


@pytest.mark.parametrize("cut", [3, 20, 60])
def test_a_file_cut_inside_its_last_row_is_not_landed(tmp_path: Path, cut: int) -> None:
    content = text(ROW, ROW).encode()[: -len("Nguyễn Thị Riêng\r\n".encode()) - cut]
    with pytest.raises(SourceUnreachable, match=r"dòng cuối \(3\) bị cắt ngang"):
        read(csv_source(tmp_path, content))


def test_a_last_line_without_an_end_is_a_row(tmp_path: Path) -> None:
    assert lines(csv_source(tmp_path, text(ROW, ROW).rstrip())) == ["2", "3"]


def test_a_tail_of_zeros_is_an_upload_that_was_broken_off(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreachable, match="bị cắt ngang"):
        read(csv_source(tmp_path, text(ROW).encode() + b"\0" * 5_000))


# --- bytes that mean nothing ----------------------------------------------------------------------------------------

BAD = [("utf-8", b"\xff"), ("windows-1258", b"\x8f"), ("vni", b"b\xf9"), ("tcvn3", b"\xff"), ("utf-8", b"\0")]


@pytest.mark.parametrize(("encoding", "bad"), BAD)
def test_a_row_with_an_unreadable_cell_is_landed_without_cells(tmp_path: Path, encoding: str, bad: bytes) -> None:
    content = text(*[ROW] * 3).encode(CODECS[encoding]).split(b"\r\n")
    content[2] = content[2].replace(b"1.000635", b"1.0" + bad + b"635")
    found = read(csv_source(tmp_path, b"\r\n".join(content), encoding=encoding))
    assert found == [(*LANDED, "2024Q4.csv!2"), (*NOTHING, "2024Q4.csv!3"), (*LANDED, "2024Q4.csv!4")]


def test_an_unreadable_head_can_be_told(tmp_path: Path) -> None:
    content = text(ROW).encode().replace("Tình trạng".encode(), b"T\xff tr\xff")
    with pytest.raises(SourceDrift) as caught:
        probe(csv_source(tmp_path, content))
    assert "«T\ufffd tr\ufffd»" in str(caught.value).encode().decode()


def test_an_unreadable_cell_that_is_not_read_does_no_harm(tmp_path: Path) -> None:
    content = text(ROW).encode().replace("Riêng".encode(), b"Ri\xeang")
    assert read(csv_source(tmp_path, content)) == [(*LANDED, "2024Q4.csv!2")]


WRONG = [
    # declared       written
    ("utf-8", "windows-1258"),
    ("utf-8", "tcvn3"),
    ("utf-8", "vni"),
    ("utf-8", "utf-16"),
    ("utf-16", "utf-8"),
    ("tcvn3", "vni"),
    ("vni", "tcvn3"),
    ("windows-1258", "utf-8"),
    ("tcvn3", "utf-8"),
    ("vni", "windows-1258"),
]


@pytest.mark.parametrize(("declared", "written"), WRONG)
def test_another_encoding_than_declared_is_drift_that_names_it(tmp_path: Path, declared: str, written: str) -> None:
    content = text(*[ROW] * 3).encode(CODECS[written])
    config = csv_source(tmp_path, content, encoding=declared)
    with pytest.raises(SourceDrift) as caught:
        probe(config)
    assert written in caught.value.cause
    assert "2024Q4.csv" in caught.value.cause
    with pytest.raises(SourceDrift):
        read(config)


def test_another_encoding_is_noticed_though_the_heads_are_ascii(tmp_path: Path) -> None:
    plain = {ours: (f"C{n}", form) for n, (ours, (_, form)) in enumerate(HEADS.items())}
    rows = ["TT," + ",".join(head for head, _ in plain.values()) + ",X", *[",".join(ROW)] * 10_000]
    content = "\n".join([rows[0], *["1," + "a," * 9 + "b"] * (BLOCK // 20), *rows[1:], ""]).encode(CODECS["tcvn3"])
    config = csv_source(tmp_path, content, encoding="vni")
    config = replace(config, tables={"dossiers": table_map("dossiers", plain, FileTable())})
    probe(config)
    with pytest.raises(SourceDrift, match="tcvn3"):
        read(config)


# --- heads ----------------------------------------------------------------------------------------------------------


def test_heads_on_a_later_line(tmp_path: Path) -> None:
    title = 'SỔ THEO DÕI HỒ SƠ\r\n"Quý IV, năm 2024"\r\n'
    config = csv_source(tmp_path, title + text(ROW), header_row=3)
    assert lines(config) == ["4"]


def test_a_head_row_that_moved_is_told_and_no_row_is_shown(tmp_path: Path) -> None:
    config = csv_source(tmp_path, text(ROW, ROW), header_row=2)
    with pytest.raises(SourceDrift) as caught:
        probe(config)
    assert "không giống dòng tiêu đề" in caught.value.cause
    assert not any(cell in str(caught.value) for cell in ROW if len(cell) > 3)
    config = csv_source(tmp_path, "Sổ theo dõi\r\n" + text(ROW))
    with pytest.raises(SourceDrift, match=r"tiêu đề có vẻ nằm ở dòng 2 \(sửa header_row = 2\)"):
        probe(config)


def test_heads_on_two_lines(tmp_path: Path) -> None:
    upper = "TT,Mã hồ sơ,Mã TTHC,Nơi tiếp nhận,Tình trạng,Hình thức nộp,Thời gian,,,Họ và tên"
    lower = ",,,,,,Tiếp nhận,Hẹn trả,Xong,"
    columns = dict(HEADS) | {
        "received_date": ("Thời gian / Tiếp nhận", "iso"),
        "due_date": ("Thời gian / Hẹn trả", "iso"),
        "end_date": ("Thời gian / Xong", "iso"),
    }
    content = "\r\n".join([upper, lower, ",".join(ROW), ""])
    config = csv_source(tmp_path, content)
    spec = FileTable(header_rows=2)
    config = replace(config, tables={"dossiers": table_map("dossiers", columns, spec)})
    assert list(probe(config).tables["dossiers"])[-4:-1] == [
        "Thời gian / Tiếp nhận",
        "Thời gian / Hẹn trả",
        "Thời gian / Xong",
    ]
    assert read(config) == [(*LANDED, "2024Q4.csv!3")]


def test_a_head_that_stands_twice_is_drift(tmp_path: Path) -> None:
    content = text([*ROW, "x"]).replace("Họ và tên", "Họ và tên,Tình trạng")
    with pytest.raises(SourceDrift, match="cột «Tình trạng» có hai lần"):
        probe(csv_source(tmp_path, content))


def test_a_lost_head_is_named_with_the_one_that_it_may_be_now(tmp_path: Path) -> None:
    config = csv_source(tmp_path, text(ROW).replace("Ngày hẹn trả", "Ngày hẹn trả KQ"))
    with pytest.raises(SourceDrift, match=r"thiếu cột «Ngày hẹn trả» \(có thể nay là «Ngày hẹn trả KQ»\)"):
        probe(config)


# --- rows that are no dossiers --------------------------------------------------------------------------------------

NO_ROWS = [
    "",
    ",,,,,,,,,",
    "17,,,,,,,,,",
    "Tổng cộng,25",
    "Tổng cộng,,,,,,,,,25 hồ sơ",
    ",Cộng xã A: 12 hồ sơ,,,,,,,,",
    "To\u0302\u0309ng so\u0302\u0301,2,3,4,5,6,7,8,9,10",
    "Lũy kế từ đầu năm,2.365,,,,,,,,",
]


@pytest.mark.parametrize("line", NO_ROWS)
def test_what_is_no_dossier_is_no_row(tmp_path: Path, line: str) -> None:
    content = text(ROW)
    assert lines(csv_source(tmp_path, f"{content}{line}\r\n{','.join(ROW)}\r\n")) == ["2", "4"]
    assert lines(csv_source(tmp_path, f"{content}{line}\r\n")) == ["2"]
    assert lines(csv_source(tmp_path, f"{content}{line}")) == ["2"], "also without an end of line"


def test_the_row_of_column_numbers_is_no_dossier(tmp_path: Path) -> None:
    numbers = [f"({n})" for n in range(1, 11)]
    assert lines(csv_source(tmp_path, text(numbers, ROW))) == ["3"]


def test_notes_and_signatures_below_the_total_are_no_dossiers(tmp_path: Path) -> None:
    foot = "Tổng cộng,1\r\n\r\nGhi chú: số liệu tạm tính\r\n,NGƯỜI LẬP,,,,THỦ TRƯỞNG\r\n"
    assert lines(csv_source(tmp_path, text(ROW) + foot)) == ["2"]


ROWS = [
    "1,H32.38-241015-0002,,,,,,,,",
    ",,,,,,,,,Nguyễn Thị Riêng",
    "Cộng đồng,H32.38-241015-0002,1.000635,H32.38,Đã xong,,2024-10-15,,,",
    ",,,Tổng công ty,,,,,,",
]
DIGITS_ALONE = "Cộng Hòa,152410150002,1.000635,32,9,1,{day},{day},{day},"
"""A dossier of a commune, of a system that writes everything in digits."""


@pytest.mark.parametrize("day", ["20241015083000", "20241015", "15.10.2024"])
def test_a_dossier_of_digits_alone_is_no_total(tmp_path: Path, day: str) -> None:
    assert lines(csv_source(tmp_path, f"{text(ROW)}{DIGITS_ALONE.format(day=day)}\r\n")) == ["2", "3"]
    no_code = DIGITS_ALONE.format(day=day).replace("152410150002", "")
    assert lines(csv_source(tmp_path, f"{text(ROW)}{no_code}\r\n")) == ["2", "3"]


@pytest.mark.parametrize("line", ROWS[:3])
def test_a_poor_row_is_still_a_row(tmp_path: Path, line: str) -> None:
    assert lines(csv_source(tmp_path, f"{text(ROW)}{line}\r\n")) == ["2", "3"]


def test_poor_rows_between_a_subtotal_and_the_next_rows_are_kept(tmp_path: Path) -> None:
    poor, row = ",,1.000635,,,,,,,", ",".join(ROW)
    content = f"{text(ROW)}Cộng xã A,1\r\n{poor}\r\n{row}\r\n{poor}\r\nCộng xã B,1\r\nNgười lập\r\n"
    assert lines(csv_source(tmp_path, content)) == ["2", "4", "5", "6"]


def test_a_code_below_the_total_is_a_dossier(tmp_path: Path) -> None:
    content = f"{text(ROW)}Tổng cộng,1\r\n,H32.38-241015-0002,,,,,,,,\r\n"
    assert lines(csv_source(tmp_path, content)) == ["2", "4"]


# --- several tables -------------------------------------------------------------------------------------------------


def test_dossiers_and_pauses_lie_in_files_of_their_own(tmp_path: Path) -> None:
    config = csv_source(tmp_path, text(ROW))
    pauses = ",".join(head for head, _ in PAUSE_COLUMNS.values())
    (tmp_path / "tạm dừng.csv").write_text(f"{pauses}\nH32.38-241015-0001,2024-10-16,,5\n", encoding="utf-8")
    tables = {
        "dossiers": table_map("dossiers", HEADS, FileTable(file="2024*.csv")),
        "pauses": table_map("pauses", PAUSE_COLUMNS, FileTable(file="tạm dừng.csv")),
    }
    config = replace(config, address=str(tmp_path), tables=tables)
    assert list(probe(config).tables) == ["dossiers", "pauses"]
    landing = landed(config, tmp_path / "landing")
    assert landing.rows == {"dossiers": 1, "pauses": 1}
    assert rows_of(landing.table("pauses"))[0][-1] == "tạm dừng.csv!2"


@pytest.mark.parametrize("foot", ["Tổng cộng,2\r\n", "Tổng cộng,2\r\n\r\n,NGƯỜI LẬP,,,,THỦ TRƯỞNG\r\n"])
def test_a_file_that_has_to_end_with_its_total_is_whole_with_it(tmp_path: Path, foot: str) -> None:
    assert len(read(csv_source(tmp_path, text(ROW, ROW) + foot, total_row=True))) == 2


@pytest.mark.parametrize(
    "content",
    [text(ROW, ROW), text(ROW), text(), f"{text(ROW)}Cộng xã A,1\r\n{','.join(ROW)}\r\n"],
    ids=["cut at the end of a line", "cut further up", "cut below the heads", "cut below another total"],
)
def test_a_file_without_its_total_was_not_sent_whole(tmp_path: Path, content: str) -> None:
    with pytest.raises(SourceUnreachable, match=r"«2024Q4.csv»: không có dòng tổng cộng ở cuối.* chưa gửi trọn"):
        read(csv_source(tmp_path, content, total_row=True))
