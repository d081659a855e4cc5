"""Builds the quality page: every text finished here, in the order of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count, groupby

from contracts.codes import Severity
from reporting.fonts import printable
from reporting.formats import MISSING, count_text, date_text, moments_text, span_text
from reporting.quality import overview
from reporting.quality.details import Codes, details
from reporting.quality.inputs import QualityInput
from reporting.quality.matrix import legend, matrices
from reporting.quality.others import others
from reporting.quality.page import Cell, Head, QualityPage, Row, Section, Table
from reporting.quality.rated import SHADES
from reporting.quality.trend import trend
from reporting.quality.words import OTHER, SEVERITIES, Named
from reporting.quality.words import rules as known_rules

_CODES_SHOWN = (
    "Trang này có mã hồ sơ (dữ liệu cá nhân, Luật số 91/2025/QH15): chỉ người được giao sửa hồ sơ được xem;"
    " không gửi tiếp, dùng xong thì xóa."
)
_ORDER = tuple(Severity)


def build_page(given: QualityInput, *, with_codes: bool) -> QualityPage:
    """The page of that period; with_codes: whether the reader may see codes of dossiers.

    Raises AssertionError where rows read are not accepted and rejected ones together."""
    rules = named_rules(given)
    codes = Codes(given.province.units, shown=with_codes)
    numbers = count(1)
    return QualityPage(
        title=f"Chất lượng số liệu {given.period.label} – {given.province.name}",
        province=printable(given.province.name),
        period=_period(given),
        warnings=tuple(text for text in (given.province.file.data_note, _CODES_SHOWN if with_codes else "") if text),
        verdict=overview.verdict(given),
        complete=len(overview.loaded(given)) == len(given.sources),
        figures=overview.figures(given),
        gaps=overview.gaps(given),
        sources=_numbered(numbers, Section("nguon", "Các nguồn", (), (overview.source_table(given, rules),))),
        matrices=_numbered(numbers, _matrices(given, rules)),
        shades=SHADES,
        trend_heading=_numbered(numbers, _trend_heading(given)),
        trend=trend(given),
        details_heading=_numbered(numbers, _details_heading(with_codes=with_codes)),
        details=details(given.sources, rules, codes, period_id=given.period.id),
        others=tuple(_numbered(numbers, section) for section in others(given, rules, codes)),
        rules=_numbered(numbers, _rules(given, rules)),
        foot=_foot(given),
    )


def named_rules(given: QualityInput) -> dict[str, Named]:
    """Every rule by its id, in the words in which this period's findings tell it; one that is told of and no longer
    known stands last."""
    found = dict(known_rules(given.period.cut_off))
    told = {r["rule_id"]: r for s in given.sources for r in s.findings.to_dict("records")}
    unknown = sorted(set(told) - set(found))
    for number, rule_id in enumerate(unknown, start=1):
        letter, subject = OTHER
        severity = Severity(str(told[rule_id]["severity"]))
        found[rule_id] = Named(rule_id, f"{letter}{number}", subject, severity, "", "")
    for rule_id, finding in told.items():
        sentence = printable(finding["sentence"], longest=600)
        found[rule_id] = replace(found[rule_id], sentence=sentence, regulation=printable(finding["regulation"] or ""))
    return found


def _numbered(numbers: Iterator[int], section: Section) -> Section:
    return replace(section, heading=f"{next(numbers)}. {section.heading}")


def _period(given: QualityInput) -> str:
    span = given.period.forms.until(given.as_of)
    return f"{given.period.label} ({span_text(span)}), số liệu tính đến hết ngày {date_text(given.as_of)}"


def _matrices(given: QualityInput, rules: dict[str, Named]) -> Section:
    tables = matrices(given, rules)
    explained = legend(given, rules)
    if not tables:
        return Section("ma-tran", "Nguồn và quy tắc", ("Không có vi phạm nào ở các nguồn đã kiểm tra.",), ())
    text = "Mỗi ô là số dòng của một nguồn vi phạm một quy tắc; ô càng đậm thì phần vi phạm càng lớn."
    return Section("ma-tran", "Nguồn và quy tắc", (text,), (*tables, *((explained,) if explained else ())))


def _trend_heading(given: QualityInput) -> Section:
    if len(given.periods) < 2:
        return Section("xu-huong", "Xu hướng", ("Kho dữ liệu chưa có kỳ nào trước kỳ này để so sánh.",), ())
    return Section("xu-huong", f"Xu hướng {count_text(len(given.periods))} kỳ gần nhất", (), ())


def _details_heading(*, with_codes: bool) -> Section:
    masked = "Mã hồ sơ đã che, chỉ còn cơ quan và năm; các hồ sơ cùng cơ quan, cùng năm và cùng lỗi gộp thành một dòng."
    how = "Bấm vào tên nguồn để mở: phát hiện, hồ sơ cần xem. Khi in, chỉ phần đang mở được in."
    return Section("chi-tiet", "Từng nguồn", (how,) if with_codes else (how, masked), ())


def _rules(given: QualityInput, rules: dict[str, Named]) -> Section:
    told = {rule for s in given.sources for rule in s.findings["rule_id"]}
    tables = tuple(
        _rule_table(subject, list(same), told) for subject, same in groupby(rules.values(), key=lambda r: r.subject)
    )
    text = (
        "Loại ra: dòng không được tính cho đến khi đơn vị sửa. Cảnh báo: dòng vẫn được tính, cần rà soát."
        " Dừng nguồn: cả nguồn không được tính."
    )
    return Section("quy-tac", "Các quy tắc kiểm tra", (text,), (), tables)


def _rule_table(subject: str, shown: list[Named], told: set[str]) -> Table:
    letter = shown[0].short[:1]
    rows = tuple(
        Row(
            (
                Cell(rule.short),
                Cell(rule.sentence),
                Cell(SEVERITIES[rule.severity]),
                Cell(rule.regulation or MISSING),
                Cell("Có" if rule.id in told else "Không"),
                Cell(rule.id),
            )
        )
        for rule in shown
    )
    heads = (
        *(Head("Mã", "label"), Head("Nội dung và việc phải làm"), Head("Xử lý", "label"), Head("Căn cứ")),
        *(Head("Kỳ này có vi phạm", "label"), Head("Tên trong phần mềm")),
    )
    return Table(f"quy-tac-{ord(letter)}", f"{letter}. {subject}", heads, rows)


def _foot(given: QualityInput) -> tuple[str, ...]:
    read_at = [s.read_at for s in overview.loaded(given) if s.read_at]
    when = f"Số liệu trích xuất {moments_text(read_at)}." if read_at else "Chưa có số liệu nào được trích xuất."
    return (
        when,
        "Nguồn: kho dữ liệu báo cáo cải cách hành chính của tỉnh. Trang dùng nội bộ, không thay cho báo cáo đã ký.",
    )
