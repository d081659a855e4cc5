"""Sentences of the report, each figure from the same counts as the tables'."""

from __future__ import annotations

from contracts.codes import Level, Series
from contracts.province import Policy
from reporting.formats import count_text, date_text, listed, percent_text
from reporting.inputs import ReportInput, SourceState
from reporting.origin import NAMED_AT_MOST, Origin, gap_alert, valid_words
from reporting.page import Answer, Column, KeyFigure, Row, Table
from reporting.ratios import Comparison, change_sentence, obstacle
from reporting.restatement import restatement
from reporting.scope import Scope
from reporting.tally import Tally
from transforms.over_time import within

_LEVELS = (
    (Level.PROVINCE, "Cấp tỉnh (UBND tỉnh)"),
    (Level.DEPARTMENT, "Sở, ban, ngành"),
    (Level.DISTRICT, "Cấp huyện"),
    (Level.COMMUNE, "Cấp xã"),
)


def key_figures(scope: Scope) -> tuple[KeyFigure, ...]:
    """The four figures of page 1."""
    counts, marks = scope.tally(scope.codes), scope.marks(scope.codes)
    on_time = counts.in_time_or_early if counts else None
    resolved = counts.column(7) if counts else None

    def shown(column: int) -> str:
        return count_text(counts.column(column) if counts else None)

    return (
        KeyFigure(
            shown(3), marks, "hồ sơ nhận giải quyết", f"trong kỳ {count_text(counts.received if counts else None)}"
        ),
        KeyFigure(shown(7), marks, "hồ sơ đã giải quyết", f"quá hạn {shown(10)}"),
        KeyFigure(
            percent_text(on_time, resolved),
            marks,
            "trước hạn và đúng hạn",
            f"{count_text(on_time)}/{count_text(resolved)} hồ sơ",
        ),
        KeyFigure(shown(11), marks, "hồ sơ đang giải quyết", f"quá hạn {shown(13)}"),
    )


def answers(report_input: ReportInput, origin: Origin, comparison: Comparison | None) -> tuple[Answer, ...]:
    """Period, completeness, results, change."""
    return (
        Answer("Kỳ số liệu", _period_lines(report_input, origin), _read_early(origin)),
        Answer("Mức độ đầy đủ", _completeness(origin.scope), _alerts(origin)),
        Answer("Thay đổi", (_change(report_input, origin.scope, comparison),), _restated(report_input, origin.scope)),
    )


def _period_lines(report_input: ReportInput, origin: Origin) -> tuple[str, ...]:
    days = report_input.spans[Series.FORMS]
    whole = report_input.period.forms
    first = f"{origin.named_days(between=': ')}."
    if origin.unfinished:
        first = (
            f"{report_input.period.label}: từ ngày {date_text(whole.first_day)} đến ngày {date_text(whole.last_day)};"
            f" kỳ chưa kết thúc, số liệu mới tính đến hết ngày {date_text(days.last_day)}."
        )
    read = f" Trích xuất {origin.read_times}." if origin.read_times else ""
    return (f"{first} Trạng thái hồ sơ được xác định tại thời điểm hết ngày {date_text(days.last_day)}.{read}",)


def _read_early(origin: Origin) -> tuple[str, ...]:
    """A source read before the last day that counts was over holds only a part of it."""
    last_day = max(span.last_day for span in origin.spans.values())
    sources = origin.scope.sources
    early = [s.name for s in sources if s.loaded and s.extracted_at and s.extracted_at.date() <= last_day]
    if not early:
        return ()
    named = f" ({listed(early)})" if len(early) <= NAMED_AT_MOST else ""
    how_many = f"{count_text(len(early))}/{count_text(len(sources))} nguồn{named}"
    day = date_text(last_day)
    return (f"Số liệu ngày {day} chưa đầy đủ: được trích xuất khi chưa hết ngày ở {how_many}.",)


def _completeness(scope: Scope) -> tuple[str, ...]:
    loaded = [s for s in scope.sources if s.loaded]
    received = f"Đã nhận số liệu của {count_text(len(loaded))}/{count_text(len(scope.sources))} nguồn"
    if not loaded:
        return (f"{received}.",)
    return (f"{received}: {rows_sentence(loaded)}",)


def rows_sentence(loaded: list[SourceState]) -> str:
    """Rows read, accepted and set aside, with the share."""
    rows, accepted, aside = (sum(getattr(s, name) or 0 for s in loaded) for name in ("rows", "accepted", "quarantined"))
    return (
        f"đọc {count_text(rows)} dòng, chấp nhận {count_text(accepted)},"
        f" loại ra để kiểm tra {count_text(aside)} ({percent_text(aside, rows)})."
    )


def _alerts(origin: Origin) -> tuple[str, ...]:
    scope = origin.scope
    return tuple(f"({gap.mark}) {gap_alert(scope, gap)}" for gap in scope.gaps)


def _change(report_input: ReportInput, scope: Scope, comparison: Comparison | None) -> str:
    if comparison is not None:
        return change_sentence(comparison)
    previous = report_input.previous
    if previous is None:
        return "Chưa có số liệu kỳ trước liền kề trong kho dữ liệu để so sánh."
    why = obstacle(report_input, scope, previous.period) or "không có đơn vị nào có số liệu ở cả hai kỳ"
    return f"Không so sánh với {within(previous.period.label)}: {why}."


def _restated(report_input: ReportInput, scope: Scope) -> tuple[str, ...]:
    """One line where this version gives published figures otherwise; an annex has them."""
    found = restatement(report_input, scope)
    return (f"Bản này {found.in_short}; xem phụ lục.",) if found else ()


def results_paragraphs(origin: Origin, who: str) -> tuple[str, ...]:
    """Received, resolved and open, as the forms' columns have them."""
    counts = origin.scope.tally(origin.scope.codes)
    if counts is None:
        return (f"Chưa nhận được số liệu về hồ sơ thủ tục hành chính của {who} trong kỳ.",)
    lacking = " (số liệu chưa đầy đủ, xem ghi chú)" if origin.scope.gaps else ""
    return (
        received_sentence(counts, who, lacking),
        resolved_sentence(counts),
        open_sentence(counts, date_text(origin.spans[Series.FORMS].last_day)),
    )


def received_sentence(counts: Tally, who: str, lacking: str) -> str:
    if counts.column(3) == 0:
        return f"Trong kỳ, {who} không có hồ sơ thủ tục hành chính phải giải quyết{lacking}."
    received, carried = count_text(counts.received), count_text(counts.column(6))
    whole = f"Trong kỳ, {who} phải giải quyết {count_text(counts.column(3))} hồ sơ thủ tục hành chính{lacking}"
    if counts.received == 0:
        return f"{whole}, đều từ kỳ trước chuyển sang; không tiếp nhận hồ sơ mới."
    of_before = f" và {carried} hồ sơ từ kỳ trước chuyển sang" if counts.column(6) else ", không có hồ sơ từ kỳ trước"
    return (
        f"{whole}, gồm {received} hồ sơ tiếp nhận trong kỳ (trực tuyến {count_text(counts.column(4))}, trực tiếp"
        f" {count_text(counts['received_in_person'])}, qua dịch vụ bưu chính {count_text(counts['received_postal'])})"
        f"{of_before}. Tỷ lệ hồ sơ trực tuyến trên số hồ sơ tiếp nhận trong kỳ là"
        f" {percent_text(counts.column(4), counts.received)} ({count_text(counts.column(4))}/{received})."
    )


def resolved_sentence(counts: Tally) -> str:
    if counts.column(7) == 0:
        return "Trong kỳ chưa có hồ sơ nào được giải quyết xong."
    whole = f"Đã giải quyết {count_text(counts.column(7))} hồ sơ, gồm {count_text(counts.column(8))} hồ sơ trước hạn"
    if counts.column(10) == 0:
        return f"{whole} và {count_text(counts.column(9))} hồ sơ đúng hạn; không có hồ sơ quá hạn."
    return (
        f"{whole}, {count_text(counts.column(9))} hồ sơ đúng hạn và {count_text(counts.column(10))} hồ sơ quá hạn"
        f" ({percent_text(counts.column(10), counts.column(7))} số hồ sơ đã giải quyết)."
    )


def open_sentence(counts: Tally, day: str) -> str:
    if counts.column(11) == 0:
        return f"Đến hết ngày {day} không còn hồ sơ đang giải quyết."
    whole = f"Đến hết ngày {day} còn {count_text(counts.column(11))} hồ sơ đang giải quyết"
    if counts.column(13) == 0:
        return f"{whole}, đều trong hạn."
    if counts.column(12) == 0:
        return f"{whole}, đều đã quá hạn."
    in_time, late = (count_text(counts.column(n)) for n in (12, 13))
    return f"{whole}, gồm {in_time} hồ sơ trong hạn và {late} hồ sơ quá hạn."


def level_table(origin: Origin, *, caption: str) -> Table | None:
    """Departments, districts and communes: own dossiers of each level. None where there is one level."""
    scope = origin.scope
    remarks = valid_words(scope, origin.spans[Series.FORMS])
    rows = []
    for level, label in _LEVELS:
        codes = [u.agency_code for u in scope.units if u.level is level]
        ended = {remarks.get(code, "") for code in codes}
        rows.append(_level_row(scope, label + (ended.pop() if len(ended) == 1 else ""), codes))
    shown = [row for row in rows if row is not None]
    if len(shown) < 2:
        return None
    heads = (
        "Nhận giải quyết (3)",
        "Đã giải quyết (7)",
        "Trước hạn, đúng hạn (8)+(9)",
        "Tỷ lệ A",
        "Đang giải quyết (11)",
        "Quá hạn (13)",
    )
    return Table(
        caption=caption,
        unit="Đơn vị tính: hồ sơ",
        columns=(Column("Cấp giải quyết", "label"), *(Column(head, "figure") for head in heads)),
        rows=(*shown, Row("total", ("Tổng cộng", *_level_cells(scope.tally(scope.codes))), scope.marks(scope.codes))),
        notes=origin.notes(scope.codes),
        source=origin.line(),
    )


def _level_row(scope: Scope, label: str, agencies: list[str]) -> Row | None:
    """None where the level has no unit, or only the province itself, which took no dossier."""
    root = scope.tree.root.agency_code
    if not agencies or (agencies == [root] and root not in scope.own):
        return None
    return Row("unit", (label, *_level_cells(scope.tally(agencies))), scope.marks(agencies))


def _level_cells(counts: Tally | None) -> tuple[str, ...]:
    if counts is None:
        return (count_text(None),) * 6
    on_time, resolved = counts.in_time_or_early, counts.column(7)
    return (
        count_text(counts.column(3)),
        count_text(resolved),
        count_text(on_time),
        percent_text(on_time, resolved),
        count_text(counts.column(11)),
        count_text(counts.column(13)),
    )


def policy_notes(report_input: ReportInput, policy: Policy) -> tuple[str, ...]:
    """How the figures were counted, where practice differs between provinces and vendors."""
    cut = date_text(report_input.spans[Series.FORMS].last_day)
    stopped = (
        f"được tính là đang giải quyết, trong hạn – cột (12) – khi ngày dừng không sau ngày {cut}"
        if policy.stopped_is == "backlog"
        else "được tính là đã giải quyết vào ngày dừng"
    )
    return (
        f"Trạng thái của từng hồ sơ được dựng lại từ các ngày tiếp nhận, hẹn trả, kết thúc đến hết ngày {cut};"
        " thay đổi sau ngày đó không ảnh hưởng đến số liệu.",
        "Hồ sơ kết thúc trước ngày hẹn trả là trước hạn, đúng ngày hẹn trả là đúng hạn, sau ngày hẹn trả là quá hạn;"
        " chỉ so sánh theo ngày.",
        f"Hồ sơ công dân, tổ chức xin rút được tính vào cột ({policy.withdrawn_column});"
        f" hồ sơ cơ quan dừng giải quyết {stopped}.",
        "Hồ sơ đang chờ bổ sung giấy tờ hoặc thực hiện nghĩa vụ tài chính được tính là trong hạn – cột (12).",
        "Hồ sơ liên thông được tính một lần, tại cơ quan tiếp nhận; hồ sơ không được tiếp nhận không tính ở cột nào.",
        "Tỷ lệ được tính từ tổng số hồ sơ, làm tròn một lần đến hai chữ số thập phân; “–” là chưa có số liệu hoặc"
        " không có hồ sơ để tính, “0” là không có hồ sơ.",
    )
