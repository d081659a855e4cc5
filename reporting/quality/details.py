"""Each source: what was found, and the dossiers behind it, their codes masked unless the reader may see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from contracts.codes import Severity
from contracts.units import UnitTree
from reporting.feedback.words import code_text
from reporting.fonts import printable
from reporting.formats import MISSING, count_text, percent_text, stamp_text
from reporting.quality.inputs import SourceQuality
from reporting.quality.mask import masked
from reporting.quality.overview import name_of, ranked
from reporting.quality.page import Cell, Head, Row, SourceDetail, Table
from reporting.quality.rated import rated
from reporting.quality.words import SEVERITIES, STATES, Named

MOST_LINES = 20
"""Of dossiers of each kind at a source; commands list all."""


@dataclass(frozen=True)
class Codes:
    """How codes of dossiers are shown. shown: whether the reader may see them."""

    units: UnitTree
    shown: bool

    def cell(self, code: object) -> Cell:
        text = "" if pd.isna(code) else str(code).strip()  # type: ignore[call-overload]
        return Cell(printable(code_text(text)) if self.shown else masked(text, self.units))

    def agency(self, code: object) -> str:
        """The name of a dossier's agency from our catalogue; what else a row says is not repeated."""
        known = not pd.isna(code) and self.units.has_agency(str(code))  # type: ignore[call-overload]
        return printable(self.units.by_agency(str(code)).name) if known else "(chưa xác định)"

    def unit(self, code: str) -> str:
        """The name of a unit that a figure is of; its code where the catalogue has none."""
        return self.agency(code) if self.units.has_agency(code) else printable(code)


def details(
    sources: tuple[SourceQuality, ...], rules: dict[str, Named], codes: Codes, *, period_id: str
) -> tuple[SourceDetail, ...]:
    """One a source, in their order."""
    return tuple(_detail(s, rules, codes, number=n, period_id=period_id) for n, s in enumerate(sources, start=1))


def _detail(
    source: SourceQuality, rules: dict[str, Named], codes: Codes, *, number: int, period_id: str
) -> SourceDetail:
    listed = (
        (source.rejected, "bị loại ra", "loai", f"cchc quarantine show {period_id} --source {source.id} --out TỆP.csv"),
        (source.warned, "có cảnh báo, vẫn tính", "canh-bao", "phiếu phản hồi của nguồn (cchc feedback)"),
    )
    dossiers = tuple(
        _dossiers(frame, rules, codes, id_=f"nguon-{number}-{slug}", caption=f"Hồ sơ {word}", elsewhere=elsewhere)
        for frame, word, slug, elsewhere in listed
        if len(frame)
    )
    findings = (_finding_table(source, rules, number),) if len(source.findings) else ()
    return SourceDetail(
        id=f"nguon-{number}",
        name=name_of(source),
        summary=_summary(source),
        paragraphs=_paragraphs(source),
        tables=(*findings, *dossiers),
    )


def _summary(source: SourceQuality) -> str:
    if not source.checked:
        return STATES[source.now.state]
    broken = f"{count_text(len(source.findings))} quy tắc có vi phạm"
    aside = percent_text(len(source.rejected), source.rows_checked)
    return f"loại ra {count_text(len(source.rejected))} dòng ({aside} của {count_text(source.rows_checked)}), {broken}"


def _paragraphs(source: SourceQuality) -> tuple[str, ...]:
    read = f" Đọc lúc {stamp_text(source.read_at)}." if source.read_at else ""
    said = [f"Tình trạng: {STATES[source.now.state]}.{read} Liên hệ: {printable(source.contact) or MISSING}."]
    if source.error and not source.now.loaded:
        said.append(f"Nguyên nhân: {printable(source.error, longest=400)}")
    if not source.checked:
        said.append("Chưa kiểm tra được nên chưa biết số liệu đúng hay sai.")
    elif source.findings.empty:
        said.append("Không có phát hiện nào.")
    return tuple(said)


def _finding_table(source: SourceQuality, rules: dict[str, Named], number: int) -> Table:
    rows = []
    for finding in ranked(source.findings).to_dict("records"):
        rule = rules[finding["rule_id"]]
        sentence = Cell(rule.sentence, f"Căn cứ: {printable(finding['regulation'])}" if finding["regulation"] else "")
        level = Cell(SEVERITIES[Severity(str(finding["severity"]))])
        found = int(finding["rows"])
        share = rated(found, source.rows_checked) if rule.is_of_rows else Cell(MISSING)
        many = Cell(f"{count_text(found)} {rule.counts}")
        rows.append(Row((Cell(rule.short, href=f"#{rule.anchor}"), sentence, level, many, share)))
    return Table(
        id=f"nguon-{number}-phat-hien",
        caption="Phát hiện, nặng trước",
        heads=(
            Head("Mã", "label"),
            Head("Nội dung và việc phải làm"),
            Head("Xử lý", "label"),
            Head("Số vi phạm", "figure"),
            Head("Tỷ lệ trên số dòng đã đọc", "figure"),
        ),
        rows=tuple(rows),
    )


def _dossiers(
    frame: pd.DataFrame, rules: dict[str, Named], codes: Codes, *, id_: str, caption: str, elsewhere: str
) -> Table:
    """elsewhere: where the dossiers stand that do not stand here."""
    made = _listed if codes.shown else _grouped
    heads, rows, more = made(frame, codes, lambda broken: _named(broken, rules))
    notes = (f"Còn {count_text(more)} hồ sơ không nêu ở đây; xem đủ: {elsewhere}.",) if more else ()
    return Table(id_, f"{caption}: {count_text(len(frame))}", heads, rows, notes)


def _named(broken: object, rules: dict[str, Named]) -> str:
    """N3 Ngày kết thúc … : short names and what is wrong."""
    each = str(broken).split(",")
    return "; ".join(f"{rules[r].short} – {rules[r].gist}" if r in rules else printable(r) for r in each)


Naming = Callable[[object], str]
Listing = tuple[tuple[Head, ...], tuple[Row, ...], int]
"""Heads, rows, and how many dossiers stand in none of them."""


def _grouped(frame: pd.DataFrame, codes: Codes, named: Naming) -> Listing:
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
    first = ordered.head(MOST_LINES)
    rows = tuple(
        Row((Cell(r["code"]), Cell(r["agency"]), Cell(named(r["rules"])), Cell(count_text(r["n"]))))
        for r in first.to_dict("records")
    )
    return heads, rows, len(frame) - int(first["n"].sum())


def _listed(frame: pd.DataFrame, codes: Codes, named: Naming) -> Listing:
    """Dossier by dossier, with the place to look at."""
    heads = (Head("Mã hồ sơ", "label"), Head("Cơ quan tiếp nhận"), Head("Lỗi"), Head("Nơi cần xem tại nguồn"))
    rows = []
    for dossier in frame.head(MOST_LINES).to_dict("records"):
        agency = codes.agency(dossier["agency_code"])
        where = printable(_place(dossier["cells"], dossier["address"]), longest=300)
        rows.append(
            Row((codes.cell(dossier["dossier_code"]), Cell(agency), Cell(named(dossier["rules"])), Cell(where)))
        )
    return heads, tuple(rows), len(frame) - len(rows)


def _place(cells: object, address: object) -> str:
    """The cells to look at where they are known, else the row's file and line, or its key."""
    known, row = ("" if pd.isna(text) else str(text) for text in (cells, address))  # type: ignore[call-overload]
    return known or (row if "!" in row else f"khóa {row}" if row else MISSING)
