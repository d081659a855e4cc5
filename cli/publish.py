"""cchc publish: mark a version of a report as published, or take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.approve import officer_of, say_preview
from cli.console import figure, out, plain
from contracts.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from flows.restated import ReportOf
    from warehouse.register import ReportVersion


def publish(
    period: Annotated[str, typer.Argument(metavar="KỲ", help="Ví dụ: 2024Q4.")],
    *,
    by: Annotated[str, typer.Option("--by", metavar="NGƯỜI", help="Họ tên, chức vụ người quyết định công bố.")],
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="MÃ", help="Báo cáo của đơn vị này (mặc định: của tỉnh).")
    ] = None,
    version: Annotated[int | None, typer.Option(metavar="BẢN", help="Số bản (mặc định: bản mới nhất).")] = None,
    note: Annotated[str, typer.Option(metavar="GHI_CHÚ", help="Ví dụ: số, ngày văn bản gửi đi.")] = "",
    without_approval: Annotated[
        str | None,
        typer.Option(
            metavar="LÝ_DO", help="Công bố một bản chưa qua kiểm tra và duyệt; lý do được lưu và nêu công khai."
        ),
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Thu hồi bản đang công bố; cần --reason.")] = False,
    reason: Annotated[str, typer.Option(metavar="LÝ_DO", help="Lý do thu hồi.")] = "",
) -> None:
    """Ghi nhận một bản báo cáo đã được công bố (hoặc thu hồi); tệp và số liệu của bản đó giữ nguyên."""
    _check(by, note=note, withdraw=withdraw, reason=reason, without_approval=without_approval)
    from flows.place import find_place
    from flows.restated import report_of

    place = find_place(period)
    engine = place.open_warehouse()
    report = report_of(place, unit)
    if withdraw:
        _withdraw(engine, report, version, by=by, reason=reason)
    else:
        _publish(engine, report, report.version(engine, version), by=by, note=note, without_approval=without_approval)


def _check(by: str, *, note: str, withdraw: bool, reason: str, without_approval: str | None) -> None:
    if not by.strip():
        raise UsageError("phải ghi ai quyết định", advice='--by "Nguyễn Văn A, Chánh Văn phòng"')
    if withdraw and not reason.strip():
        raise UsageError("thu hồi phải có lý do", advice='--withdraw --reason "sai số liệu của xã …"')
    if (withdraw and (note or without_approval is not None)) or (reason and not withdraw):
        raise UsageError(
            "--note, --without-approval dùng khi công bố, --reason dùng khi thu hồi (--withdraw)",
            advice="bỏ tùy chọn không dùng",
        )
    if without_approval is not None and not without_approval.strip():
        raise UsageError(
            "công bố không qua duyệt phải có lý do",
            advice='--without-approval "bản giấy đã ký ngày …, cổng báo cáo hỏng"',
        )


def _publish(
    engine: Engine, report: ReportOf, chosen: ReportVersion, *, by: str, note: str, without_approval: str | None
) -> None:
    from flows.restated import kept
    from warehouse import approvals, signed_copies

    restates = kept(engine, chosen).restates
    officer = officer_of(by)
    entered = approvals.publish(engine, chosen, officer, note=note, without_approval=without_approval or "")
    newest = report.versions(engine)[-1].version
    out.print(
        f"[bold green]ĐÃ CÔNG BỐ[/] bản {entered.version} báo cáo kỳ {entered.period_id} của {plain(report.unit.name)}"
        f" ({entered.at:%H:%M ngày %d/%m/%Y}, {plain(entered.by_whom)})",
        soft_wrap=True,
    )
    out.print(f"  {chosen.path}\n  SHA-256 {entered.sha256}", soft_wrap=True)
    say_preview(report.place, chosen)
    if without_approval is not None:
        out.print(f"  [yellow]Lưu ý:[/] {plain(entered.note)}", soft_wrap=True)
    signed = signed_copies.offered(engine, chosen).signed
    if signed:
        out.print(f"  Bản đã ký: {plain(signed.path)}\n  SHA-256 {signed.sha256}", soft_wrap=True)
    else:
        out.print("  Bản này chưa có tệp đã ký.")
    if restates:
        day = f"{restates.published_at:%d/%m/%Y}"
        out.print(f"  Bản này có phụ lục số liệu thay đổi so với bản {restates.version} công bố ngày {day}.")
    if newest != chosen.version:
        out.print(f"  [yellow]Lưu ý:[/] đã có bản mới hơn (bản {figure(newest)}), chưa công bố.", soft_wrap=True)


def _withdraw(engine: Engine, report: ReportOf, version: int | None, *, by: str, reason: str) -> None:
    """Without a number, the version that stands published."""
    from warehouse import approvals, publications

    stands = publications.standing(publications.events(engine, report.place.period.id)).get(report.key)
    if stands is None:
        raise UsageError(
            f"báo cáo kỳ {report.place.period.id} của {report.unit.name} chưa có bản nào đang công bố",
            advice=f"xem: cchc status {report.place.period.id}",
        )
    chosen = report.version(engine, stands.version if version is None else version)
    entered = approvals.withdraw(engine, chosen, officer_of(by), reason=reason)
    out.print(
        f"[bold yellow]ĐÃ THU HỒI[/] bản {entered.version} báo cáo kỳ {entered.period_id} của"
        f" {plain(report.unit.name)}; tệp và số liệu của bản này vẫn được lưu.",
        soft_wrap=True,
    )
    before = publications.standing(publications.events(engine, report.place.period.id)).get(report.key)
    if before is not None:
        out.print(f"  Bản đang công bố nay là bản {before.version} (ngày {before.at:%d/%m/%Y}).")
