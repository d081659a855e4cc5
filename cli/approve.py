"""cchc check, approve, unlock: the steps of a version before it is published, where there is no portal at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import figure, out, plain
from cli.machine_user import machine_user

if TYPE_CHECKING:
    from flows.place import Place
    from warehouse.approval_rule import Officer, Step
    from warehouse.register import ReportVersion

PeriodArgument = Annotated[str, typer.Argument(metavar="KỲ", help="Ví dụ: 2024Q4.")]
ByOption = Annotated[str, typer.Option("--by", metavar="NGƯỜI", help="Họ tên, chức vụ người làm bước này.")]
UnitOption = Annotated[
    str | None, typer.Option("--unit", metavar="MÃ", help="Báo cáo của đơn vị này (mặc định: của tỉnh).")
]
VersionOption = Annotated[int | None, typer.Option(metavar="BẢN", help="Số bản (mặc định: bản mới nhất).")]
NoteOption = Annotated[str, typer.Option(metavar="Ý_KIẾN", help="Ý kiến; phải có khi đã có bản mới hơn.")]


def check(
    period: PeriodArgument,
    *,
    by: ByOption,
    unit: UnitOption = None,
    version: VersionOption = None,
    note: NoteOption = "",
) -> None:
    """Ghi nhận một người đã đọc và kiểm tra một bản báo cáo."""
    from warehouse.approval_rule import Step

    _take(Step.CHECK, period, unit, version, by=by, note=note)
    out.print("  Bước tiếp theo: người khác duyệt (cchc approve, hoặc trên cổng báo cáo).")


def approve(
    period: PeriodArgument,
    *,
    by: ByOption,
    unit: UnitOption = None,
    version: VersionOption = None,
    note: NoteOption = "",
) -> None:
    """Ghi nhận một bản đã kiểm tra được duyệt; người duyệt phải khác người kiểm tra."""
    from warehouse.approval_rule import Step

    _take(Step.APPROVE, period, unit, version, by=by, note=note)
    out.print("  Bản này không thay đổi được nữa cho đến khi mở khóa. Bước tiếp theo: ký, công bố (cchc publish).")


def unlock(
    period: PeriodArgument,
    *,
    by: ByOption,
    reason: Annotated[str, typer.Option(metavar="LÝ_DO", help="Lý do mở khóa.")],
    unit: UnitOption = None,
    version: VersionOption = None,
) -> None:
    """Đưa một bản đã kiểm tra hoặc đã duyệt về dự thảo; cần lý do."""
    from warehouse.approval_rule import Step

    _take(Step.UNLOCK, period, unit, version, by=by, note=reason)
    out.print("  Bản này là dự thảo trở lại: phải kiểm tra và duyệt lại từ đầu.")


def _take(step: Step, period: str, unit: str | None, number: int | None, *, by: str, note: str) -> None:
    from flows.place import find_place
    from flows.restated import report_of
    from warehouse import approvals
    from warehouse.stages import STAGE_LABELS, Stage

    place = find_place(period)
    engine = place.open_warehouse()
    report = report_of(place, unit)
    chosen = report.version(engine, number)
    entered = approvals.take(engine, step, chosen, officer_of(by), note=note)
    stage = Stage.DRAFT if entered.event == "unlocked" else Stage(entered.event)
    out.print(
        f"[bold green]{plain(STAGE_LABELS[stage].upper())}[/] bản {entered.version} báo cáo kỳ {entered.period_id} của"
        f" {plain(report.unit.name)} ({entered.at:%H:%M ngày %d/%m/%Y}, {plain(entered.by_whom)})",
        soft_wrap=True,
    )
    out.print(f"  {chosen.path}\n  SHA-256 {entered.sha256}", soft_wrap=True)
    say_preview(place, chosen)
    newest = report.versions(engine)[-1].version
    if newest != chosen.version:
        out.print(f"  [yellow]Lưu ý:[/] đã có bản mới hơn (bản {figure(newest)}).", soft_wrap=True)


def say_preview(place: Place, chosen: ReportVersion) -> None:
    """Of a version whose figures end before the period does: it is not the period's report."""
    from flows.before_approval import preview_sentence, preview_until

    cut_off = place.period.cut_off
    if until := preview_until(place.open_warehouse(), chosen, cut_off):
        out.print(f"  [bold yellow]LƯU Ý:[/] {preview_sentence(until, cut_off)}", soft_wrap=True)


def officer_of(by: str) -> Officer:
    """Whoever the command names, with the machine's user who typed it."""
    from warehouse.approval_rule import Officer

    return Officer(" ".join(by.split()), machine_user=machine_user())
