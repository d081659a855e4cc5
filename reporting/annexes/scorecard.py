"""The scorecard of the 766 index: published beside estimated, for the report's unit and, of Tiến độ, unit by unit.

A published score is printed as it was published. Ours is «ước tính» and takes the place of none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from contracts.clock import VIETNAM
from contracts.codes import Series
from contracts.index_766 import Item, items_on
from contracts.published import GROUP_LABELS, Group
from contracts.regulations import full_citation
from reporting import index766
from reporting.annexes._content import Content
from reporting.fonts import printable
from reporting.formats import MISSING, count_text, date_text, decimal_text, moments_text
from reporting.index766 import difference_text, score_text
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import Column, Note, Row, Table
from transforms.scorecard import TOTAL

TITLE = "Chỉ số phục vụ người dân, doanh nghiệp: công bố và ước tính"
PORTAL = "Cổng Dịch vụ công quốc gia"
_HEADS = (
    Column("Nhóm, chỉ tiêu", "wide"),
    Column("Tối đa", "figure"),
    Column("Số công bố", "figure"),
    Column("Điểm công bố", "figure"),
    Column("Số từ hồ sơ", "figure"),
    Column("Điểm ước tính", "figure"),
    Column("Chênh lệch", "figure"),
)
_OURS = (0, 1, 4, 5)
"""The columns that say something where nothing is published."""
_RULES = (
    "Công thức chấm điểm suy từ điểm mà Cổng đã công bố và cho ra đúng điểm đó; không trích từ văn bản.",
    "Điểm từng chỉ tiêu làm tròn đến hai chữ số thập phân; điểm của nhóm là tổng điểm các chỉ tiêu và chỉ ghi khi có đủ"
    " các chỉ tiêu của nhóm; tổng điểm chỉ ghi khi có đủ sáu nhóm.",
    "Chỉ tiêu về thanh toán, số hóa chỉ tính trên những hồ sơ mà hệ thống nguồn có ghi thông tin đó.",
)
_DIFFERENCE = (
    "Chênh lệch là điểm ước tính trừ điểm công bố; không tính khi thiếu một trong hai, hoặc khi số liệu của tỉnh còn"
    " thiếu nguồn, hoặc có hồ sơ mà nguồn không ghi mục đó."
)
_NO_DOSSIER = "Đơn vị không có hồ sơ đã và đang giải quyết được 0 điểm Tiến độ giải quyết, như cách chấm của Cổng."
Record = Mapping[str, Any]


@dataclass
class _Notes:
    """Remarks on rows, numbered as they come; the same remark has one number."""

    texts: list[str] = field(default_factory=list)

    def mark(self, text: str) -> str:
        if text not in self.texts:
            self.texts.append(text)
        return str(self.texts.index(text) + 1)

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(Note(str(n), text) for n, text in enumerate(self.texts, start=1))


def content(report_input: ReportInput, origin: Origin) -> Content | None:
    """None where the period has no index, or none was in force, or nothing is known of the report's unit."""
    progress = index766.progress(report_input, origin)
    index = report_input.period.index
    if progress is None or index is None:
        return None
    records = report_input.scorecard
    own = [record for record in records if record["agency_code"] == origin.scope.root.agency_code]
    tables = (*_card(own, origin, items_on(index.last_day)), *_by_unit(progress, records))
    if not tables:
        return None
    return Content(TITLE, tuple(_paragraphs(report_input, origin, own)), tables, tuple(_rules(progress, tables)))


def _rules(progress: index766.ProgressTable, tables: tuple[Table, ...]) -> Iterator[str]:
    """Those that something in the tables asks for."""
    yield from _RULES
    if any(column.head == _HEADS[-1].head for table in tables for column in table.columns):
        yield _DIFFERENCE
    scope = progress.origin.scope
    if any(progress.of(unit).denominator == 0 for unit in scope.children(scope.root)):
        yield _NO_DOSSIER


def own_records(report_input: ReportInput, origin: Origin) -> list[Record]:
    """What both sides know of the report's unit; nothing where nobody published anything of it."""
    code = origin.scope.root.agency_code
    if not report_input.public_figures["agency_code"].eq(code).any():
        return []
    if index766.progress(report_input, origin) is None or report_input.period.index is None:
        return []
    return [record for record in report_input.scorecard if record["agency_code"] == code]


def _paragraphs(report_input: ReportInput, origin: Origin, own: list[Record]) -> Iterator[str]:
    regulation = full_citation("index", on=report_input.spans[Series.INDEX].last_day)
    yield (
        f"Điểm ước tính theo {regulation}, từ hồ sơ trong kho dữ liệu, số liệu {index766.days_text(origin)} (kỳ"
        " dương lịch, khác kỳ số liệu của các biểu mẫu). Điểm chính thức là điểm công bố; điểm ước tính không thay"
        " điểm công bố."
    )
    published = [record for record in own if record["fetched_at"] is not None]
    if not published:
        yield "Chưa có số liệu công bố của đơn vị trong kỳ này."
        return
    sources = dict.fromkeys(record["source"] or PORTAL for record in published)
    moments: list[datetime] = [record["fetched_at"] for record in published]
    apart = _days_apart(moments, report_input.spans[Series.INDEX].last_day)
    yield f"Nguồn số công bố: {printable('; '.join(sources))}; lấy hoặc nhập {moments_text(moments)}.{apart}"


def _days_apart(moments: list[datetime], last: date) -> str:
    """That the two sides are not of one day, where they are not."""
    if {moment.astimezone(VIETNAM).date() for moment in moments} == {last}:
        return ""
    return f" Số từ hồ sơ tính đến hết ngày {date_text(last)}: chênh lệch có thể chỉ do khác thời điểm."


def _card(own: list[Record], origin: Origin, items: tuple[Item, ...]) -> Iterator[Table]:
    """The unit's groups, each with the items of which anything is known. Where nothing is published, its columns are
    left out, and the groups of which nothing is known."""
    known = [record for record in own if record["indicator"] and _is_known(record)]
    if not known and all(record["published_score"] is None for record in own):
        return
    notes, scope = _Notes(), origin.scope
    lacking = scope.marks(scope.codes)
    formulas = {item.id: item.formula for item in items}
    public = any(record["fetched_at"] is not None for record in own)
    groups = {record["group_id"] for record in own if public or record in known or record["our_score"] is not None}
    shown = [record for record in own if (record in known if record["indicator"] else record["group_id"] in groups)]
    places = range(len(_HEADS)) if public else _OURS
    rows = [_row(record, formulas, notes, lacking) for record in shown]
    yield Table(
        caption="Điểm công bố và điểm ước tính" if public else "Điểm ước tính theo nhóm, chỉ tiêu",
        unit="Đơn vị tính: điểm; số là tử số/mẫu số",
        columns=tuple(_HEADS[place] for place in places),
        rows=tuple(replace(row, cells=tuple(row.cells[place] for place in places)) for row in rows),
        notes=(*origin.notes(scope.codes), *notes.notes),
        source=origin.line(Series.INDEX),
    )


def _is_known(record: Record) -> bool:
    names = ("published_numerator", "published_denominator", "published_ratio", "published_score", "our_denominator")
    return any(record[name] is not None for name in names) or bool(record["refused"])


def _row(record: Record, formulas: Mapping[str, str], notes: _Notes, lacking: str) -> Row:
    marks = [lacking] if lacking and record["our_score"] is not None else []
    marks += [notes.mark(text) for text in _remarks(record)]
    return Row(_kind(record), (_name(record, formulas), *_figures(record)), ", ".join(marks))


def _kind(record: Record) -> Any:
    if record["indicator"]:
        return "unit"
    return "total" if record["group_id"] == TOTAL else "group"


def _name(record: Record, formulas: Mapping[str, str]) -> str:
    if record["indicator"]:
        number = formulas[record["indicator"]]
        return f"{number}. {record['label']}" if number else str(record["label"])
    return "Tổng điểm" if record["group_id"] == TOTAL else GROUP_LABELS[Group(record["group_id"])]


def _figures(record: Record) -> tuple[str, ...]:
    return (
        decimal_text(Decimal(f"{record['max_score']:g}")),
        _basis(record, "published"),
        score_text(record["published_score"]),
        _basis(record, "our"),
        score_text(record["our_score"]),
        difference_text(record["difference"]),
    )


def _basis(record: Record, side: str) -> str:
    """Both counts; the ratio alone where it was published without them; nothing for a sum."""
    if not record["indicator"]:
        return ""
    counts = [record[f"{side}_{name}"] for name in ("numerator", "denominator")]
    if counts == [None, None]:
        ratio = record["published_ratio"] if side == "published" else None
        return MISSING if ratio is None else decimal_text(Decimal(f"{ratio:.15g}"))
    return "/".join(count_text(count) for count in counts)


def _remarks(record: Record) -> Iterator[str]:
    if record["quality_flag"]:
        said = record["quality_message"] or "không kèm giải thích"
        yield f"Nơi công bố lưu ý về chất lượng số liệu ({printable(record['quality_flag'])}): {printable(said)}."
    if record["refused"]:
        yield f"Không in: {record['refused']}."
    if record["disagrees"]:
        yield f"Theo công thức, số công bố cho {score_text(record['formula_score'])} điểm, khác điểm công bố."
    if record["indicator"] and record["published_score"] is None and record["formula_score"] is not None:
        yield (
            "Nơi công bố không cho điểm riêng của chỉ tiêu này; chênh lệch, nếu có, so với điểm tính theo công thức từ"
            " số công bố."
        )


def _by_unit(progress: index766.ProgressTable, records: Sequence[Record]) -> Iterator[Table]:
    """Tiến độ of the units below, where there are any; with the published scores where one of them has one."""
    scope = progress.origin.scope
    if len(scope.units) > 1:
        of_item = [record for record in records if record["indicator"] == index766.PROGRESS]
        published = {
            record["agency_code"]: (record["published_score"], record["difference"])
            for record in of_item
            if record["published_score"] is not None and record["agency_code"] in scope.codes
        }
        yield index766.unit_table(progress, published=published, caption="Điểm Tiến độ giải quyết theo đơn vị")
