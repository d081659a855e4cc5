"""The words of each notice: what happened, since when, why, what to do. Vietnamese, for officers and operators.

Nothing of a dossier, a person, a secret or a source's address stands in them: of errors only the kind is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contracts.clock import VIETNAM
from contracts.configfile import plain
from contracts.notices import NoticeKind
from contracts.periods import Period
from contracts.source_config import SourceConfig
from flows.notices.reasons import phone_of, reason_of, todo_of
from flows.overdue import Kind, Overdue
from reporting.formats import count_text
from warehouse.notices import Cause

TODO = "Việc cần làm: "
LACKING = ":lacking"
"""How the cause ends that says the quarter is done, with sources missing."""
_NAMED = 3
"""Sources that a sentence names one by one."""


def source_failed(period: Period, source: SourceConfig, *, error_kind: str, since: datetime) -> Cause:
    reason = reason_of(error_kind)
    todo = todo_of(error_kind, period_id=period.id, source_id=source.id, contact=source.contact)
    return Cause(
        cause=f"{NoticeKind.SOURCE_FAILED}:{period.id}:{source.id}:{error_kind}",
        kind=NoticeKind.SOURCE_FAILED,
        period_id=period.id,
        source_id=source.id,
        units=source.units,
        subject=f"{named(source)}: {reason.said}",
        body=_lines(f"Nguồn lỗi: {named(source)}, từ {moment(since)}.", f"Vì sao: {reason.said}.", f"{TODO}{todo}"),
        command=f"cchc rerun {period.id} --source {source.id}",
        path=f"/ky/{period.id}/nguon/{source.id}",
    )


def quarter_done(
    period: Period, *, reports: int, as_of: date, sources: int, missing: Sequence[SourceConfig], again: bool
) -> Cause:
    """again: people were told before that the quarter is done, with something missing."""
    if missing:
        return _of_period(
            period,
            LACKING,
            subject=f"đã in báo cáo, còn thiếu {len(missing)}/{sources} nguồn",
            said=f"Còn thiếu {len(missing)} trong {sources} nguồn, báo cáo ghi rõ phần thiếu: {_names(missing)}.",
            made=_made(reports, as_of),
            todo="khi nguồn sẵn sàng thì chạy:",
            command=f"cchc rerun {period.id} --failed",
        )
    all_of_them = f"{sources}/{sources} nguồn"
    return _of_period(
        period,
        ":whole",
        subject=f"nay đã đủ số liệu {all_of_them}" if again else f"đã in báo cáo, đủ {all_of_them}",
        said=f"{'Nay đã đủ' if again else 'Đủ'} số liệu của {sources} nguồn.",
        made=_made(reports, as_of),
        todo="mở báo cáo, kiểm tra trang 1 rồi trình ký; nơi lưu tệp:",
        command=f"cchc status {period.id}",
    )


def _made(reports: int, as_of: date) -> str:
    return f"Đã in {reports} báo cáo, số liệu đến hết ngày {as_of:%d/%m/%Y}."


def _of_period(period: Period, which: str, *, subject: str, made: str, said: str, todo: str, command: str) -> Cause:
    return Cause(
        cause=f"{NoticeKind.QUARTER_DONE}:{period.id}{which}",
        kind=NoticeKind.QUARTER_DONE,
        period_id=period.id,
        source_id="",
        units=(),
        subject=subject,
        body=_lines(made, said, f"{TODO}{todo}"),
        command=command,
        path=f"/ky/{period.id}",
    )


@dataclass(frozen=True)
class Report:
    """One report of a period, and its newest version. whose: báo cáo của …; unit: its code, as commands and pages have
    it; agency_code: of its unit."""

    period: Period
    whose: str
    unit: str
    agency_code: str
    is_province: bool
    newest: int

    def cause(self, beside: str, older: int, *, subject: str, said: str, todo: str, more: str = "") -> Cause:
        """beside: published or approved; older: that version. more: of the command's options."""
        wanted = "" if self.is_province else f" --unit {self.unit}"
        return Cause(
            cause=f"{NoticeKind.NEW_VERSION}:{self.period.id}:{self.unit}:{beside}-{older}:{self.newest}",
            kind=NoticeKind.NEW_VERSION,
            period_id=self.period.id,
            source_id="",
            units=(self.agency_code,),
            subject=subject,
            body=_lines(said, f"{TODO}{todo}"),
            command=f"cchc restated {self.period.id}{wanted}{more}",
            path=f"/bao-cao/{self.period.id}/{self.unit}/thay-doi?tu={older}&den={self.newest}",
        )


def published_moved(report: Report, *, published: int, moved: int | None) -> Cause:
    """moved: how many figures, None where that cannot be told."""
    how = f"ở {count_text(moved)} số liệu" if moved is not None else "(không so được số liệu)"
    newest = report.newest
    return report.cause(
        "published",
        published,
        subject=f"số liệu đã công bố thay đổi: {report.whose}",
        said=f"Số liệu đã công bố thay đổi: báo cáo của {report.whose}, bản {newest} khác bản {published} {how}.",
        todo=f"xem thay đổi; đúng thì duyệt và công bố bản {newest}, sai thì sửa nguồn rồi chạy lại:",
    )


def newer_than_approved(report: Report, *, approved: int) -> Cause:
    newest = report.newest
    return report.cause(
        "approved",
        approved,
        subject=f"có bản mới hơn bản đã duyệt: {report.whose}",
        said=f"Báo cáo của {report.whose} có bản {newest}, mới hơn bản {approved} đã duyệt mà chưa công bố.",
        todo=f"xem hai bản khác nhau ở đâu; rồi công bố bản {approved}, hoặc mở khóa để dùng bản {newest}:",
        more=f" --from {approved} --to {newest}",
    )


_OVERDUE = {
    Kind.NEVER_RAN: "kỳ này đã đến giờ mà chưa chạy",
    Kind.CUT_OFF: "lượt chạy bị ngắt giữa chừng, chưa chạy tiếp",
    Kind.TOO_LONG: "lượt chạy kéo dài quá lâu, chưa xong",
    Kind.ENDED_BADLY: "lượt chạy dừng vì lỗi, chưa xong",
    Kind.STOPPED: "lượt chạy bị dừng theo yêu cầu",
    Kind.SOURCE_MISSING: "đến hạn mà vẫn thiếu số liệu",
    Kind.NO_BACKUP: "không có bản sao lưu mới, đủ tệp",
    Kind.NO_SERVER: "máy chủ chạy lịch không trả lời",
    Kind.REPORT_MISSING: "đã qua ngày chốt mà chưa có báo cáo",
    Kind.READ_AHEAD: "đồng hồ máy đang sai, hoặc đã sai khi đọc các nguồn",
}
"""What is told of each kind; of one that is not here, that something of the schedule does not work."""
_SCHEDULE = "lịch chạy tự động có trục trặc"


def overdue(found: Overdue, *, source: SourceConfig | None, look: str = "cchc watchdog") -> Cause:
    """source: None where it is of none. look: the command that says why. What the finding itself says stays here: it
    may quote an error."""
    what = _OVERDUE.get(found.kind, _SCHEDULE)
    said = f"{named(source)}: {what}" if source else what
    return Cause(
        cause=":".join(
            [NoticeKind.OVERDUE, found.kind, found.period_id, found.source_id, *filter(None, [found.until])]
        ),
        kind=NoticeKind.OVERDUE,
        period_id=found.period_id,
        source_id=found.source_id,
        units=source.units if source else (),
        subject=said,
        body=_lines(
            f"Quá hạn: {said}, từ {moment(found.since)}.",
            f"{TODO}{_todo_of_overdue(found, source, look)}",
        ),
        command=found.command or "cchc doctor",
        path=f"/ky/{found.period_id}" if found.period_id else "/ky",
    )


def _todo_of_overdue(found: Overdue, source: SourceConfig | None, look: str) -> str:
    """Up to the command."""
    if source:
        phone = phone_of(source.contact)
        return f"{f'gọi đơn vị ({phone})' if phone else 'nhắc đơn vị'}; có số liệu rồi thì chạy:"
    if found.command.startswith("systemctl restart"):
        return f"xem vì sao bằng {look}; khi không có lượt nào đang chạy (cchc status) thì chạy:"
    return f"xem vì sao bằng {look}, rồi chạy:"


def kind_of_overdue(cause: str) -> str:
    """Which of flows.overdue's kinds it is; "" of another cause."""
    kind, _, rest = cause.partition(":")
    return rest.partition(":")[0] if kind == NoticeKind.OVERDUE else ""


def named(source: SourceConfig) -> str:
    """Hệ thống một cửa điện tử huyện Cam Lâm (cam-lam)"""
    return f"{plain(source.name)} ({source.id})"


def moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"


def _names(sources: Sequence[SourceConfig]) -> str:
    shown = ", ".join(plain(one.name) if len(sources) <= _NAMED else one.id for one in sources[: 2 * _NAMED])
    more = len(sources) - 2 * _NAMED
    return f"{shown} và {more} nguồn khác" if more > 0 else shown


def _lines(*said: str) -> str:
    return "\n".join(map(plain, said))
