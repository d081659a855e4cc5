"""cchc retention: what has outlived its term by the province's policy; --apply removes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.console import bytes_text, figure, out, plain
from cli.machine_user import machine_user
from contracts.errors import UsageError

if TYPE_CHECKING:
    from flows.retention.plan import Goes, Plan

SHOWN = 10
RULES = {
    "drafts": "Tệp của bản dự thảo đã có bản mới hơn, chưa ai kiểm tra, duyệt, công bố, ký",
    "landings": "Bản trích xuất mà không số liệu, không bản báo cáo nào còn dựa vào",
    "quarantine": "Mã hồ sơ trong danh sách bị loại (số đếm giữ nguyên)",
    "made_again": "Bản sao có dấu, trang chất lượng, phiếu phản hồi, biểu trống: in lại được bất cứ lúc nào",
    "unfinished": "Phần trích xuất dở dang",
    "logs": "Nhật ký kỹ thuật của chương trình",
}


def retention(
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Xóa thật; mặc định chỉ liệt kê.")] = False,
    by: Annotated[str, typer.Option("--by", metavar="NGƯỜI", help="Họ tên, chức vụ người quyết định xóa.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False,
) -> None:
    """Liệt kê những gì đã hết thời hạn lưu giữ, vì sao, và những gì giữ mãi; chỉ xóa khi có --apply."""
    if apply and not by.strip():
        raise UsageError("phải ghi ai quyết định xóa", advice='--apply --by "Nguyễn Văn A, Chánh Văn phòng"')
    if by and not apply:
        raise UsageError("--by chỉ dùng khi xóa", advice="thêm --apply, hoặc bỏ --by")
    from contracts.province import read_province
    from contracts.settings import Settings
    from flows.retention.applying import applied
    from flows.retention.plan import planned
    from warehouse import owner
    from warehouse.database import open_warehouse

    settings = Settings()
    province = read_province(settings.province_folder)
    engine = open_warehouse(settings.database_url(province.id))
    owner.claim(engine, province.id)
    if apply:
        plan = applied(engine, province, settings, by=" ".join(by.split()), who=machine_user())
    else:
        plan = planned(engine, province, settings)
    if as_json:
        typer.echo(json.dumps(_document(plan, done=apply), ensure_ascii=False, indent=2))
        return
    _say(plan, done=apply)


def _say(plan: Plan, *, done: bool) -> None:
    for goes in plan.goes:
        _say_rule(goes, done=done)
    stays = plan.stays
    out.print("\n[bold]Giữ mãi mãi:[/]")
    out.print(f"  {figure(stays.decided)} bản báo cáo đã kiểm tra, duyệt, công bố hoặc có bản ký")
    out.print(f"  {figure(stays.newest)} bản mới nhất của mỗi báo cáo")
    out.print(f"  {figure(stays.landings)} bản trích xuất còn được dựa vào hoặc chưa hết hạn")
    out.print(f"  {figure(stays.audit_entries)} mục nhật ký (cơ sở dữ liệu không cho xóa)")
    if done:
        out.print("[bold green]ĐÃ XÓA[/] như trên, đã ghi nhật ký." if not plan.is_nothing else "Không có gì để xóa.")
    elif plan.is_nothing:
        out.print("Chưa có gì hết hạn.")
    else:
        out.print("[bold]Chưa xóa gì.[/] Sao lưu trước (cchc backup), rồi xóa:")
        out.print('  cchc retention --apply --by "Họ tên, chức vụ"')


def _say_rule(goes: Goes, *, done: bool) -> None:
    term = "giữ mãi" if goes.term.days == "forever" else f"quá {figure(goes.term.days)} ngày"
    source = f"; theo {goes.term.source}" if goes.term.source else ""
    out.print(f"\n[bold]{RULES[goes.rule]}[/] ({plain(term + source)})", soft_wrap=True)
    if goes.is_nothing:
        out.print("  không có")
        return
    verb = "đã xóa" if done else "sẽ xóa"
    if goes.rule == "quarantine":
        out.print(f"  {verb} mã của {figure(goes.rows)} hồ sơ, các kỳ: {', '.join(goes.periods)}", soft_wrap=True)
        return
    out.print(f"  {verb} {figure(len(goes.paths))} mục, {bytes_text(goes.size)}:")
    for path in goes.paths[:SHOWN]:
        out.print(f"    {plain(str(path))}", soft_wrap=True)
    if len(goes.paths) > SHOWN:
        out.print(f"    … và {figure(len(goes.paths) - SHOWN)} mục khác; trọn danh sách: --json")


def _document(plan: Plan, *, done: bool) -> dict[str, Any]:
    return {
        "applied": done,
        "goes": [
            {
                "rule": one.rule,
                "days": one.term.days,
                "source": one.term.source,
                "paths": [str(path) for path in one.paths],
                "versions": [list(key) for key in one.versions],
                "periods": one.periods,
                "rows": one.rows,
                "bytes": one.size,
            }
            for one in plan.goes
        ],
        "stays": vars(plan.stays),
    }
