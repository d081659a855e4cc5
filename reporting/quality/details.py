"""Each source: what was found, and the dossiers behind it, their codes masked unless the reader may see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from contracts.codes import Severity
from contracts.units import UnitTree
from reporting.fonts import printable
from reporting.formats import MISSING, count_text, percent_text, stamp_text
from reporting.quality.inputs import SourceQuality
from reporting.quality.mask import NONE, masked
from reporting.quality.overview import name_of, ranked
from reporting.quality.page import Cell, Head, Row, SourceDetail, Table
from reporting.quality.rated import rated
from reporting.quality.words import SEVERITIES, STATES, Named

MOST_DOSSIERS = 20
"""Lines listed of each kind at a source; the command lists all."""
_EXPORT = "xem đủ bằng lệnh: cchc export {period} --what rejected --out TỆP.csv"


@dataclass(frozen=True)
class Codes:
    """How codes of dossiers are shown. shown: whether the reader may see them."""

    units: UnitTree
    shown: bool

    def cell(self, code: object) -> Cell:
        text = "" if pd.isna(code) else str(code).strip()  # type: ignore[call-overload]
        return Cell(printable(text, longest=60) or NONE if self.shown else masked(text, self.units))

    def agency(self, code: object) -> str:
        """The agency's name from our catalogue."""
        known = not pd.isna(code) and self.units.has_agency(str(code))  # type: ignore[call-overload]
        return self.units.by_agency(str(code)).name if known else "(chưa xác định)"


def details(
    sources: tuple[SourceQuality, ...], rules: dict[str, Named], codes: Codes, *, period_id: str
) -> tuple[SourceDetail, ...]:
    """One a source, in their order."""
    export = _EXPORT.format(period=period_id)
    return tuple(_detail(s, rules, codes, number=n, export=export) for n, s in enumerate(sources, start=1))


def _detail(source: SourceQuality, rules: dict[str, Named], codes: Codes, *, number: int, export: str) -> SourceDetail:
    tables = []
    if len(source.findings):
        tables.append(_finding_table(source, rules, number))
    for frame, word, slug in ((source.rejected, "bị loại ra", "loai"), (source.warned, "có cảnh báo, vẫn tính", "cb")):
        if len(frame):
            caption = f"Hồ sơ {word}: {count_text(len(frame))}"
            tables.append(_dossiers(frame, rules, codes, id_=f"nguon-{number}-{slug}", caption=caption, export=export))
    return SourceDetail(
        id=f"nguon-{number}",
        name=name_of(source),
        summary=_summary(source),
        paragraphs=_paragraphs(source),
        tables=tuple(tables),
    )


def _summary(source: SourceQuality) -> str:
    if not source.checked:
        return STATES[source.now.state]
    broken = f"{count_text(len(source.findings))} quy tắc có vi phạm"
    aside = percent_text(len(source.rejected), source.rows_checked)
    return f"loại ra {count_text(len(source.rejected))} dòng ({aside} của {count_text(source.rows_checked)}), {broken}"


def _paragraphs(source: SourceQuality) -> tuple[str, ...]:
    said = [f"Tình trạng: {STATES[source.now.state]}."]
    if source.error and not source.now.loaded:
        said.append(f"Nguyên nhân: {printable(source.error, longest=400)}")
    if source.read_at:
        said.append(f"Đọc lúc {stamp_text(source.read_at)}.")
    said.append(f"Liên hệ: {printable(source.contact) or MISSING}.")
    if source.checked and source.findings.empty:
        said.append("Không có phát hiện nào.")
    if not source.checked:
        said.append("Chưa kiểm tra được nên chưa biết số liệu đúng hay sai.")
    return tuple(said)


def _finding_table(source: SourceQuality, rules: dict[str, Named], number: int) -> Table:
    rows = []
    for finding in ranked(source.findings).to_dict("records"):
        rule = rules[finding["rule_id"]]
        sentence = Cell(rule.sentence, f"Căn cứ: {printable(finding['regulation'])}" if finding["regulation"] else "")
        level = Cell(SEVERITIES[Severity(str(finding["severity"]))])
        share = rated(int(finding["rows"]), source.rows_checked)
        rows.append(Row((Cell(rule.short, href=f"#{rule.anchor}"), sentence, level, share)))
    return Table(
        id=f"nguon-{number}-phat-hien",
        caption="Phát hiện, nặng trước",
        heads=(
            Head("Mã", "label"),
            Head("Nội dung và việc phải làm"),
            Head("Xử lý", "label"),
            Head("Tỷ lệ (số dòng/đã đọc)", "figure"),
        ),
        rows=tuple(rows),
    )


def _dossiers(
    frame: pd.DataFrame, rules: dict[str, Named], codes: Codes, *, id_: str, caption: str, export: str
) -> Table:
    made = _listed if codes.shown else _grouped
    heads, rows = made(frame, codes, lambda broken: _named(broken, rules))
    notes = []
    if len(rows) > MOST_DOSSIERS:
        notes.append(f"Nêu {count_text(MOST_DOSSIERS)} trong {count_text(len(rows))} dòng của bảng; {export}")
    if not codes.shown:
        notes.append("Mã hồ sơ đã che; các hồ sơ cùng cơ quan, cùng năm và cùng lỗi gộp thành một dòng.")
    return Table(id_, caption, heads, tuple(rows[:MOST_DOSSIERS]), tuple(notes))


def _named(broken: object, rules: dict[str, Named]) -> str:
    """N3 Ngày kết thúc … : short names and what is wrong."""
    known = [rules[rule] for rule in str(broken).split(",") if rule in rules]
    return "; ".join(f"{r.short} – {r.gist}" for r in known) or printable(broken)


Naming = Callable[[object], str]


def _grouped(frame: pd.DataFrame, codes: Codes, named: Naming) -> tuple[tuple[Head, ...], list[Row]]:
    """Dossiers that cannot be told from one another, counted: no order of theirs is left either."""
    shown = pd.DataFrame(
        {
            "code": [codes.cell(code).text for code in frame["dossier_code"]],
            "agency": [codes.agency(code) for code in frame["agency_code"]],
            "rules": frame["rules"].astype("str").tolist(),
        }
    )
    counted = shown.value_counts().rename("n").reset_index()
    ordered = counted.sort_values(["n", "rules", "agency", "code"], ascending=[False, True, True, True])
    heads = (Head("Mã hồ sơ (đã che)", "label"), Head("Cơ quan tiếp nhận"), Head("Lỗi"), Head("Số hồ sơ", "figure"))
    rows = [
        Row((Cell(r["code"]), Cell(printable(r["agency"])), Cell(named(r["rules"])), Cell(count_text(r["n"]))))
        for r in ordered.to_dict("records")
    ]
    return heads, rows


def _listed(frame: pd.DataFrame, codes: Codes, named: Naming) -> tuple[tuple[Head, ...], list[Row]]:
    """Dossier by dossier, with the place to look at."""
    heads = (Head("Mã hồ sơ", "label"), Head("Cơ quan tiếp nhận"), Head("Lỗi"), Head("Nơi cần xem tại nguồn"))
    rows = []
    for dossier in frame.to_dict("records"):
        place = next((str(v) for v in (dossier["cells"], dossier["address"]) if not pd.isna(v) and v), MISSING)
        agency = printable(codes.agency(dossier["agency_code"]))
        where = printable(place, longest=300)
        rows.append(
            Row((codes.cell(dossier["dossier_code"]), Cell(agency), Cell(named(dossier["rules"])), Cell(where)))
        )
    return heads, rows
