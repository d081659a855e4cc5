"""The dictionary of indicators for staff, from the declarations themselves: docs/indicators.md is this text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from contracts.areas import areas_on
from contracts.codes import Series
from contracts.count_words import COUNT_WORDS, add_up_over_time, bases_of, words_of
from reporting.formats import date_text
from transforms.indicators import Indicator, declared

RENEWED_BY = "cchc indicators dictionary --out docs/indicators.md"
SERIES_LABELS = {
    Series.FORMS: "kỳ của biểu mẫu (theo quy tắc kỳ của tỉnh, thường từ ngày 15 đến ngày 14)",
    Series.INDEX: "kỳ của bộ chỉ số 766 (tháng, quý, năm dương lịch)",
}
SERIES_SHORT = {Series.FORMS: "kỳ biểu mẫu", Series.INDEX: "kỳ bộ chỉ số 766"}
DIRECTION_LABELS = {"higher": "càng cao càng tốt", "lower": "càng thấp càng tốt", "none": "không xếp tốt, xấu"}
_HEAD = f"""# Từ điển chỉ tiêu tính từ hồ sơ

Tài liệu này do phần mềm viết ra từ chính các công thức đang dùng. Không sửa tay; khi công thức thay đổi, viết lại bằng
lệnh `{RENEWED_BY}`.

Mọi chỉ tiêu được tính như nhau: cộng số hồ sơ của các đơn vị trước, rồi mới chia; làm tròn một lần khi in (hai chữ số
thập phân, nửa làm tròn lên). Mẫu số bằng 0 hoặc chưa có số liệu thì in “–”, không in 0 và không in 100%. Mỗi tỷ lệ luôn
đi kèm tử số và mẫu số. Số trong ngoặc đơn là số cột của biểu II.06/VPCP/KSTT.
"""


def dictionary_text() -> str:
    """The whole dictionary, Markdown."""
    return "\n".join(_lines()) + "\n"


def name_of(indicator: Indicator) -> str:
    """A. Tỷ lệ hồ sơ …: with the letter by which the page calls it."""
    return f"{indicator.mark}. {indicator.label}" if indicator.mark else indicator.label


def validity_of(indicator: Indicator) -> str:
    """từ ngày … đến ngày …; for all days where neither is given."""
    said = [
        f"{word} ngày {date_text(day)}"
        for word, day in (("từ", indicator.valid_from), ("đến", indicator.valid_to))
        if day is not None
    ]
    return " ".join(said) or "mọi kỳ"


def _lines() -> Iterator[str]:
    yield _HEAD
    areas = areas_on(date.max)
    known = declared()
    for number in sorted({indicator.area for indicator in known}):
        yield f"## {areas.name(number)}\n"
        for indicator in known:
            if indicator.area == number:
                yield from _entry(indicator)
    yield "## Các số đếm làm nên chỉ tiêu\n"
    yield "Mỗi số đếm cộng được qua các đơn vị, lĩnh vực, thủ tục và nguồn.\n"
    yield "| mã | đếm gì | cộng được qua các kỳ |\n|---|---|---|"
    yield from (f"| `{name}` | {words.label} | {_yes(words.adds_up)} |" for name, words in COUNT_WORDS.items())


def _entry(indicator: Indicator) -> Iterator[str]:
    yield f"### `{indicator.id}`\n"
    yield f"**{name_of(indicator)}**\n"
    for head, said in _facts(indicator):
        yield f"- {head}: {said}"
    yield ""


def _facts(indicator: Indicator) -> Iterator[tuple[str, str]]:
    counts = (*indicator.numerator, *indicator.denominator)
    yield "Đơn vị tính", indicator.unit
    yield ("Tử số" if indicator.denominator else "Số đếm"), words_of(indicator.numerator)
    if indicator.denominator:
        yield "Mẫu số", words_of(indicator.denominator)
    yield "Công thức", f"{indicator.formula} (phiên bản {indicator.formula_version})"
    fields = "; từng lĩnh vực" if indicator.by_field else ""
    yield "Tính cho", f"từng đơn vị, và đơn vị cùng mọi cấp dưới{fields}"
    yield "Lịch số liệu", SERIES_LABELS[indicator.series]
    yield "Hiệu lực", validity_of(indicator)
    yield "Căn cứ", indicator.regulation
    yield "Chiều", DIRECTION_LABELS[indicator.direction]
    yield "Cộng dồn được qua các kỳ", _yes(add_up_over_time(counts))
    if bases := bases_of(counts):
        yield "Chỉ tính trên hồ sơ mà nguồn có ghi", ", ".join(dict.fromkeys(base.label for base in bases))


def _yes(holds: bool) -> str:
    return "có" if holds else "không"
