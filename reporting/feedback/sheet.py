"""The texts of the PDF: to whom, what was read, what to mend in which order, and how to answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reporting.feedback import words
from reporting.feedback.findings import HISTORY, Feedback, Finding, Outcome
from reporting.feedback.listings import (
    changed_dossiers,
    continuity_dossiers,
    continuity_units,
    corrections,
    dossiers_of,
    unusual_figures,
)
from reporting.feedback.page import FeedbackPage, Figure, Item, Line, Listing, Part
from reporting.fonts import printable
from reporting.formats import MISSING, count_text, moment_text, percent_text, span_text
from reporting.wording import body_of, cause_of, issuer_of

LONGEST = 400
UNITS_NAMED = 6
BOOK_BESIDE = "ở tệp Excel kèm theo"
"""Where the PDF says that the whole list is; the workbook says it of itself."""
_NUMBERS = ("I", "II", "III", "IV", "V")


def page_of(feedback: Feedback) -> FeedbackPage:
    """The same feedback gives the same page."""
    province, source = feedback.province, feedback.source
    superior, issuer = issuer_of(province, None)
    parts = [part for part in _parts(feedback) if part.items or part.listings]
    return FeedbackPage(
        title=f"Phiếu phản hồi chất lượng dữ liệu – {source.name} – {feedback.period.label}",
        mark=words.MARK,
        author=province.file.report.issuer,
        created=feedback.moment.isoformat() if feedback.moment else "",
        superior=superior,
        issuer=issuer,
        heading=words.TITLE,
        subject=(printable(source.name), feedback.period.label),
        data_note=province.file.data_note,
        lines=tuple(_lines(feedback)),
        figures=_figures(feedback),
        alert=_alert(feedback),
        opening=tuple(_opening(feedback)),
        parts=tuple(replace(p, heading=f"{n}. {p.heading}") for n, p in zip(_NUMBERS, parts, strict=False)),
        steps=tuple(_steps(feedback)),
        source=_origin(feedback),
    )


def _period(feedback: Feedback) -> str:
    return f"{feedback.period.label}, {span_text(feedback.period.forms)}"


def _lines(feedback: Feedback) -> Iterator[Line]:
    known, source = feedback.partition, feedback.source
    yield Line("Kính gửi", _units(feedback))
    yield Line("Đầu mối liên hệ", printable(source.contact))
    yield Line("Nguồn dữ liệu", f"{printable(source.name)} (mã nguồn: {source.id})")
    yield Line("Kỳ báo cáo", _period(feedback))
    if feedback.outcome is not Outcome.MISSING and known and known.extracted_at:
        counted = f"; số liệu tính đến hết ngày {known.as_of:%d/%m/%Y}" if known.as_of else ""
        yield Line("Thời điểm đọc", f"{moment_text(known.extracted_at)}{counted}")
        return
    yield Line("Tình trạng", words.state_text(known))
    if feedback.since:
        yield Line("Thiếu số liệu từ", moment_text(feedback.since))
    if known and known.attempt:
        tried = f"; lần gần nhất {moment_text(known.updated_at)}"
        yield Line("Số lượt đã đọc", f"{count_text(known.attempt)}{tried}")


def _units(feedback: Feedback) -> str:
    names = [body_of(feedback.province.units.by_agency(code)) for code in feedback.source.units]
    more = len(names) - UNITS_NAMED
    return "; ".join(names[:UNITS_NAMED]) + (f" và {count_text(more)} đơn vị khác" if more > 0 else "")


def _figures(feedback: Feedback) -> tuple[Figure, ...]:
    known = feedback.partition
    if feedback.outcome is Outcome.MISSING or known is None:
        return ()
    warned = MISSING if feedback.warned is None else count_text(feedback.warned)
    return (
        Figure(count_text(known.rows), "dòng hồ sơ đã đọc"),
        Figure(count_text(known.accepted), "được chấp nhận"),
        Figure(count_text(known.quarantined), f"bị cách ly ({percent_text(known.quarantined, known.rows)})"),
        Figure(warned, "được tính, có cảnh báo"),
    )


def _alert(feedback: Feedback) -> str:
    if feedback.outcome is Outcome.REFUSED:
        share = f"{feedback.province.file.policy.quarantine_share * 100:g}%".replace(".", ",")
        return (
            f"Số liệu của nguồn CHƯA được đưa vào báo cáo: số dòng bị cách ly vượt mức {share} mà tỉnh cho phép. "
            "Đề nghị sửa ngay các nội dung tại phần «Phải sửa» để nguồn được đọc lại trước khi chốt báo cáo."
        )
    if feedback.outcome is Outcome.MISSING:
        return "CHƯA có số liệu của nguồn trong kỳ này. Báo cáo của tỉnh ghi nguồn là thiếu, không tính bằng 0."
    return ""


def _opening(feedback: Feedback) -> Iterator[str]:
    known = feedback.partition
    if feedback.outcome is Outcome.MISSING or known is None:
        yield from _why_missing(feedback)
        return
    there = feedback.counted_elsewhere
    except_for = f", riêng {count_text(there)} dòng là hồ sơ đã được tính ở hệ thống khác" if there else ""
    yield (
        f"Đã đọc {count_text(known.rows)} dòng hồ sơ = {count_text(known.accepted)} được chấp nhận + "
        f"{count_text(known.quarantined)} bị cách ly (báo cáo của tỉnh ghi là «loại ra»). Dòng bị cách ly không được "
        f"tính vào số liệu nào cho đến khi được sửa{except_for}; một dòng có nhiều lỗi được nêu ở từng lỗi, nhưng chỉ "
        "đếm một lần trong tổng số."
    )
    if feedback.has_nothing_wrong:
        yield "Không phát hiện nội dung nào phải sửa hoặc giải trình. Đơn vị không phải làm gì thêm."
    else:
        yield (
            f"Có {count_text(len(feedback.to_mend))} nội dung phải sửa và {count_text(len(feedback.warnings))} cảnh "
            f"báo, xếp theo thứ tự nên làm trước. Danh sách đầy đủ, có cột để ghi kết quả xử lý, {BOOK_BESIDE}."
        )
    if feedback.warned is None:
        yield "Hồ sơ được chấp nhận nhưng có cảnh báo chưa liệt kê được, vì số liệu của nguồn chưa được tổng hợp."


def _why_missing(feedback: Feedback) -> Iterator[str]:
    known = feedback.partition
    kind = known.error_kind if known else None
    if known and known.error and words.is_theirs(kind):
        cause = cause_of(known.error, feedback.source.name)
        yield f"Nguyên nhân: {printable(cause, longest=LONGEST).rstrip('.')}."
    elif kind:
        yield "Nguyên nhân: lỗi trong khâu đọc và tổng hợp số liệu của tỉnh."
    else:
        yield "Nguyên nhân: nguồn chưa được đọc, hoặc lượt đọc bị dừng giữa chừng."
    yield f"Việc cần làm: {words.what_to_do(kind)}"


def _parts(feedback: Feedback) -> Iterator[Part]:
    """Every finding stands in one part; those without any are left out afterwards."""
    told = [f for f in feedback.warnings if f.rule_id not in HISTORY and f.subject != "continuity"]
    yield Part("Phải sửa", _intro_to_mend(feedback), _items(feedback, feedback.to_mend))
    intro = "Các dòng này vẫn được tính, trừ dòng ghi «đang bị cách ly». Đề nghị rà soát, sửa nếu sai."
    if feedback.outcome is Outcome.REFUSED:
        intro = "Các dòng này không phải là lý do nguồn bị từ chối. Đề nghị rà soát, sửa nếu sai."
    yield Part("Cảnh báo cần rà soát", intro, _items(feedback, told))
    intro = "Số liệu lần đọc sau khác lần đọc trước của cùng kỳ. Đề nghị giải trình căn cứ."
    changed = [f for f in feedback.warnings if f.rule_id in HISTORY]
    yield Part("Thay đổi sau khi chốt", intro, _items(feedback, changed))
    yield _continuity(feedback)
    intro = "So với cùng kỳ năm trước, các số sau thay đổi nhiều. Đề nghị kiểm tra; nếu đúng thì không phải sửa."
    yield Part("Số liệu khác thường", intro, (), tuple(unusual_figures(feedback)))


def _intro_to_mend(feedback: Feedback) -> str:
    if not feedback.counted_elsewhere:
        return "Các dòng này chưa được tính vào số liệu. Sửa trên hệ thống nguồn; lần đọc sau sẽ tự tính lại."
    return (
        "Các dòng này không được tính ở nguồn này. Dòng sai: sửa trên hệ thống nguồn, lần đọc sau sẽ tự tính lại; "
        "dòng «đã tính ở hệ thống khác» không làm thiếu số liệu, chỉ cần không nhập lại như hồ sơ mới."
    )


def _continuity(feedback: Feedback) -> Part:
    """Units whose carried-over number is another than they left, and the dossiers that explain it."""
    found = [f for f in feedback.warnings if f.subject == "continuity"]
    listings = (*continuity_units(feedback), *continuity_dossiers(feedback))
    intro = "Hồ sơ chuyển sang kỳ này phải là hồ sơ đang giải quyết cuối kỳ trước. Đề nghị giải trình phần khác nhau."
    return Part("Chuyển kỳ", intro, _items(feedback, found), listings)


def _items(feedback: Feedback, findings: Sequence[Finding]) -> tuple[Item, ...]:
    return tuple(_item(feedback, finding, number) for number, finding in enumerate(findings, start=1))


def _item(feedback: Feedback, finding: Finding, number: int) -> Item:
    sentence = printable(finding.sentence, longest=LONGEST)
    about = [f"{count_text(finding.rows)} {words.counted_in(finding)}", words.severity_text(feedback, finding)]
    about += [f"Căn cứ: {printable(finding.regulation)}"] if finding.regulation else []
    return Item(
        number=f"{number}.",
        short=sentence.partition(";")[0],
        sentence=sentence,
        facts=" · ".join([*about, f"Quy\u00a0tắc:\u00a0{finding.rule_id}"]),
        listings=tuple(_listings(feedback, finding)),
    )


def _listings(feedback: Feedback, finding: Finding) -> Iterator[Listing]:
    if finding.is_of_rows:
        yield dossiers_of(feedback, finding)
    elif finding.rule_id in HISTORY:
        yield changed_dossiers(feedback, finding)
    elif finding.subject == "corrections":
        yield from corrections(feedback, finding)


def _steps(feedback: Feedback) -> Iterator[str]:
    if feedback.has_nothing_wrong:
        return
    if feedback.outcome is Outcome.MISSING:
        yield words.TELL_US
        return
    first = "phần «Phải sửa» trước, sau đó rà soát các phần còn lại" if feedback.to_mend else "từ trên xuống"
    yield f"Rà soát và sửa trên hệ thống nguồn theo thứ tự của phiếu: {first}."
    yield (
        f"Ghi kết quả vào cột «{words.REPLY}» của {book_named(feedback)} và gửi lại "
        "đơn vị tổng hợp báo cáo cải cách hành chính của tỉnh. Nội dung không sai: ghi lý do vào cột đó."
    )
    yield "Nội dung chưa sửa được trên hệ thống: gửi văn bản nêu giá trị đúng và căn cứ để tỉnh đính chính tạm thời."
    yield "Đơn vị tổng hợp đọc lại nguồn; dòng đã sửa được tính lại, phiếu mới sẽ không còn nội dung đó."
    yield (
        "Mã hồ sơ có thể dẫn đến một cá nhân: chỉ chuyển phiếu cho người trực tiếp sửa, không đăng, không gửi qua kênh "
        "công cộng; xóa tệp khi xử lý xong."
    )


def book_named(feedback: Feedback) -> str:
    """How the PDF names the workbook."""
    return f"tệp {feedback.source.id}.xlsx (bản đầy đủ của phiếu này)"


def _origin(feedback: Feedback) -> str:
    known = feedback.partition
    if feedback.outcome is Outcome.MISSING or known is None or not known.extracted_at:
        return ""
    return f"Số liệu trích xuất {moment_text(known.extracted_at)}; bản trích xuất {known.landing_id}."
