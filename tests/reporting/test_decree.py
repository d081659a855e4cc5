"""NĐ 30/2020/NĐ-CP, Phụ lục I, phần I (mục I–III), row by row against printed pages, in millimetres and points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from reporting.forms import ROMAN
from reporting.page import ReportContext
from tests.reporting.pdf import Line, Rule, Sheet, lines, rules, sheets
from tests.reporting.printed import Made

LEFT, RIGHT = 30.0, 16.0
"""Margins: 30–35 and 15–20 mm."""

lines_on = cache(lines)
"""Each page is read once."""

TABLE = """
Mục    | Thành phần                   | Trang     | Bắt đầu bằng                    | Cỡ chữ | Kiểu        | Vị trí
II.1.a | Quốc hiệu                    | 1         | CỘNG HÒA XÃ HỘI CHỦ NGHĨA       | 12–13  | đậm         | bên phải
II.1.b | Tiêu ngữ                     | 1         | Độc lập - Tự do - Hạnh phúc     | 13–14  | đậm         | bên phải
II.2.b | Tên cơ quan chủ quản         | sở        | UBND TỈNH KHÁNH HÒA             | 12–13  | đứng        | bên trái
II.2.b | Tên cơ quan ban hành         | 1         | ỦY BAN NHÂN DÂN                 | 12–13  | đậm         | bên trái
II.2.b | Tên cơ quan ban hành         | sở        | SỞ NỘI VỤ                       | 12–13  | đậm         | bên trái
II.3.c | Số, ký hiệu                  | 1         | Số:                             | 13     | đứng        | bên trái
II.4.c | Địa danh, ngày tháng năm     | 1         | Khánh Hòa, ngày                 | 13–14  | nghiêng     | bên phải
II.5.b | Tên loại văn bản             | 1         | BÁO CÁO                         | 13–14  | đậm         | giữa trang
II.5.b | Trích yếu                    | 1         | Kết quả công tác cải cách       | 13–14  | đậm         | giữa trang
II.5.b | Trích yếu, dòng hai          | 1         | quý IV năm 2024 của tỉnh        | 13–14  | đậm         | giữa trang
II.6.e | Nội dung, dòng đầu           | 1         | (lời mở đầu)                    | 13–14  | đứng        | thụt 10
II.6.e | Nội dung, dòng sau           | 1         | (dòng hai của lời mở đầu)       | 13–14  | đứng        | lề trái
II.6.đ | Phần: I, II, …               | 1         | I. CÔNG TÁC CHỈ ĐẠO             | 13–14  | đậm         | thụt 10
II.6.đ | Mục: 1, 2, …                 | 1         | 1. Cải cách thể chế             | 13–14  | đậm         | thụt 10
II.7.đ | Quyền hạn người ký           | ký        | TM. ỦY BAN NHÂN DÂN             | 13–14  | đậm         | bên phải
II.7.đ | Chức vụ người ký             | ký        | CHỦ TỊCH                        | 13–14  | đậm         | bên phải
II.9.d | Nơi nhận                     | ký        | Nơi nhận:                       | 12     | đậm nghiêng | lề trái
II.9.d | Danh sách nơi nhận           | ký        | - Bộ Nội vụ                     | 11     | đứng        | lề trái
II.9.d | Dòng cuối của nơi nhận       | ký        | - Lưu: VT                       | 11     | đứng        | lề trái
III.1.b| Số của phụ lục               | phụ lục   | Phụ lục I                       | 14     | đậm         | giữa trang
III.1.b| Tên phụ lục                  | phụ lục   | KẾT QUẢ GIẢI QUYẾT              | 13–14  | đậm         | giữa trang
III.1.c| Chỉ dẫn kèm theo             | phụ lục   | (Kèm theo Báo cáo số            | 13–14  | nghiêng     | giữa trang
III.1.b| Số của phụ lục khổ dọc       | phụ lục dọc | Phụ lục IV                    | 14     | đậm         | giữa trang
III.1.c| Chỉ dẫn kèm theo             | phụ lục dọc | (Kèm theo Báo cáo số          | 13–14  | nghiêng     | giữa trang
II.6.e | Lời văn trong phụ lục        | phụ lục dọc | Các chỉ tiêu dưới đây         | 13–14  | đứng        | thụt 10
I.7    | Số trang                     | 2         | 2                               | 13–14  | đứng        | giữa trang
I.7    | Số trang của phụ lục khổ ngang | trang sau của phụ lục | 2                 | 13–14  | đứng        | giữa trang
"""


@dataclass(frozen=True)
class Asked:
    """A row of the table."""

    article: str
    part: str
    page: str
    begins: str
    sizes: tuple[float, float]
    style: str
    place: str


def _asked() -> Iterator[Asked]:
    for row in TABLE.strip().splitlines()[1:]:
        article, part, page, begins, sizes, style, place = (cell.strip() for cell in row.split("|"))
        low, _, high = sizes.partition("–")
        yield Asked(article, part, page, begins, (float(low), float(high or low)), style, place)


@dataclass(frozen=True)
class Printed:
    context: ReportContext
    path: Path
    sheets: list[Sheet]

    def number(self, words: str, *, after: int = 0) -> int:
        """The first page that has the words, from 1."""
        return next(n for n, sheet in enumerate(self.sheets, start=1) if n > after and words in sheet.text)


@pytest.fixture(scope="module")
def printed(made: Made) -> dict[str, Printed]:
    """The province's report, and one of a department, which has a superior body."""
    return {
        name: Printed(*made(report), sheets(made(report)[1]))
        for name, report in (("province", "province"), ("sở", "department"))
    }


def page_of(printed: dict[str, Printed], named: str) -> tuple[Printed, int]:
    one = printed["sở" if named == "sở" else "province"]
    match named:
        case "1" | "sở":
            return one, 1
        case "2":
            return one, 2
        case "ký":
            return one, one.number("Nơi nhận:")
        case "phụ lục":
            return one, one.number("(Kèm theo")
        case "trang sau của phụ lục":
            return one, one.number("KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH THEO TỪNG") + 1
        case "phụ lục dọc":
            return one, one.number("CÁC CHỈ TIÊU TÍNH TỪ HỒ SƠ")
    raise ValueError(named)


def line_of(one: Printed, page: int, begins: str, *, style: str | None = None) -> Line:
    if "lời mở đầu" in begins:
        return opening_lines(one)["dòng hai" in begins]
    found = (line for line in lines_on(one.path, page) if style in (None, line.style))
    if begins.isdigit():
        return next(line for line in found if line.text == begins and line.baseline < 20)
    return next(line for line in found if line.text.startswith(begins))


YEAR = 5 * 13 * 0.25 * 25.4 / 72
"""Room for the year that the clerk will write, in millimetres: it belongs to the line."""


def whole(one: Printed, page: int, line: Line) -> Line:
    """With what stands on the same line of the title, and the room at its end."""
    on_it = [other for other in lines_on(one.path, page) if abs(other.baseline - line.baseline) < 0.1]
    right = max(other.right for other in on_it)
    return replace(line, right=right + (YEAR if on_it[-1].text.endswith("năm") else 0))


def opening_lines(one: Printed) -> list[Line]:
    """The lines of the first paragraph; a line may end within a number: 09/2019/NĐ-CP."""
    left, found = one.context.opening.replace(" ", ""), []
    for line in lines_on(one.path, 1):
        said = line.text.replace(" ", "")
        if left and left.startswith(said):
            found.append(line)
            left = left.removeprefix(said)
    assert not left
    return found


def rule_below(one: Printed, page: int, line: Line) -> Rule:
    return next(r for r in rules(one.path, page) if line.baseline < r.top < line.baseline + 4 and touches(r, line))


def touches(rule: Rule, line: Line) -> bool:
    return rule.left < line.right and line.left < rule.right


def test_the_rule_below_the_motto_is_as_long_as_the_motto(printed: dict[str, Printed]) -> None:
    one = printed["province"]
    motto = line_of(one, 1, "Độc lập")
    rule = rule_below(one, 1, motto)
    assert (rule.left, rule.right) == pytest.approx((motto.left, motto.right), abs=0.3)


@pytest.mark.parametrize(
    ("which", "begins"), [("province", "TỈNH KHÁNH HÒA"), ("sở", "SỞ NỘI VỤ"), ("province", "quý IV năm 2024 của")]
)
def test_the_rule_below_issuer_and_title_is_a_third_to_a_half(
    printed: dict[str, Printed], which: str, begins: str
) -> None:
    line = line_of(printed[which], 1, begins, style="đậm")
    rule = rule_below(printed[which], 1, line)
    assert 1 / 3 <= rule.length / (line.right - line.left) <= 1 / 2
    assert rule.middle == pytest.approx(line.middle, abs=0.4)


@pytest.mark.parametrize(("which", "place"), [("province", "Khánh Hòa, ngày"), ("sở", "Khánh Hòa, ngày")])
def test_number_and_date_are_on_one_line_and_blank(printed: dict[str, Printed], which: str, place: str) -> None:
    """Under the name and under the motto, in the middle; their numbers are the clerk's to give."""
    one = printed[which]
    number, tail, date = (line_of(one, 1, text) for text in ("Số:", "/BC-", place))
    year = line_of(one, 1, "năm", style="nghiêng")
    motto, issuer = line_of(one, 1, "Độc lập"), line_of(one, 1, "SỞ NỘI" if which == "sở" else "TỈNH KHÁNH")
    assert number.baseline == pytest.approx(date.baseline, abs=0.1)
    assert (number.left + tail.right) / 2 == pytest.approx(issuer.middle, abs=1.5)
    assert (date.left + year.right + 11) / 2 == pytest.approx(motto.middle, abs=1)
    assert not any(c.isdigit() for line in (number, tail, date) for c in line.text)


def test_lines_of_the_body_are_even_and_apart_as_the_decree_says(printed: dict[str, Printed]) -> None:
    """Both margins; between lines single to one and a half; 6 pt between paragraphs."""
    one = printed["province"]
    first, second, third = opening_lines(one)[:3]
    assert [first.right, second.right] == pytest.approx([210 - RIGHT] * 2, abs=0.3)
    apart = third.baseline - second.baseline
    assert apart == pytest.approx(second.baseline - first.baseline, abs=0.05)
    single = 1.15 * 13 * 25.4 / 72
    assert single <= apart <= 1.5 * single
    paragraphs = [line for line in lines_on(one.path, 2) if line.style == "đứng" and line.size == 13]
    starts = [line for line in paragraphs if line.left == pytest.approx(LEFT + 10, abs=0.2)]
    before = [max((p.baseline for p in paragraphs if p.baseline < start.baseline), default=None) for start in starts]
    gaps = [s.baseline - b for s, b in zip(starts, before, strict=True) if b is not None]
    assert gaps and min(gaps) >= apart + 6 * 25.4 / 72 - 0.05


def test_pages_are_numbered_as_the_decree_says(printed: dict[str, Printed]) -> None:
    """From 2 in the text; each annex by itself; never on a first page. In an annex the foot has the report's page."""
    one = printed["province"]
    annexes, annex, within = iter(ROMAN), "", 0
    for number, sheet in enumerate(one.sheets, start=1):
        above = [w.text for w in sheet.words if w.bottom < 20]
        below = " ".join(w.text for w in sheet.words if w.top > sheet.height - 20)
        begins = "(Kèm theo" in sheet.text
        annex, within = (f"Phụ lục {next(annexes)}", 1) if begins else (annex, within + 1)
        assert above == ([] if within == 1 else [str(within)]), f"page {number}"
        assert below == (f"{annex} – trang {number} của báo cáo" if annex else "")
    assert annex == one.context.provenance.annex.number
