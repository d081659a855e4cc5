"""cchc audit: whether the audit trail is as it was entered, and what stands in it."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.console import figure, out, plain
from cli.machine_user import machine_user
from cli.words import App
from contracts.deeds import DEEDS
from contracts.errors import CriticalCheckError, UsageError
from contracts.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from warehouse.audit_marks import Mark
    from warehouse.audit_proof import Fault, Proof
    from warehouse.audit_search import Wanted

SHOWN_AT_MOST = 50
GUIDE = "docs/operate/audit.md"
app = App(name="audit", help="Nhật ký: ai đã đăng nhập, xem, tải, duyệt, chạy lại; và nhật ký có còn nguyên không.")


@app.command("verify")
def verify(
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="SỐ:MÃ", help="Số và mã của một mục đã ghi ra giấy (ít nhất 12 chữ số đầu của mã)."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False,
) -> None:
    """Kiểm tra nhật ký: mục nào bị sửa, bị bỏ, bị chèn, hay phần cuối bị cắt. Mã thoát 4 nếu có."""
    from warehouse.audit_proof import prove

    proof = prove(_engine(), noted=_noted(since) if since else None)
    if as_json:
        typer.echo(json.dumps(_document(proof), ensure_ascii=False, indent=2))
    else:
        _say(proof)
    if not proof.is_sound:
        raise CriticalCheckError(
            f"nhật ký không còn nguyên: {figure(len(proof.faults))} chỗ",
            advice=f"giữ nguyên kho dữ liệu và các tệp mốc, báo người phụ trách an toàn thông tin; xem {GUIDE}",
        )


@app.command("show")
def show(
    *,
    who: Annotated[str, typer.Option("--who", metavar="TÀI_KHOẢN", help="Tên đăng nhập.")] = "",
    action: Annotated[str, typer.Option("--action", metavar="VIỆC", help=f"Một trong: {', '.join(DEEDS)}.")] = "",
    first: Annotated[str, typer.Option("--from", metavar="NGÀY", help="Từ ngày, ví dụ 2024-12-01.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="NGÀY", help="Đến hết ngày.")] = "",
    period: Annotated[str, typer.Option("--period", metavar="KỲ", help="Ví dụ: 2024Q4.")] = "",
    unit: Annotated[str, typer.Option("--unit", metavar="MÃ", help="Mã đơn vị của báo cáo.")] = "",
    out_file: Annotated[Path | None, typer.Option("--out", metavar="TỆP.csv", help="Ghi trọn danh sách.")] = None,
) -> None:
    """Liệt kê nhật ký, mục mới nhất trước; --out ghi mọi mục theo thứ tự, và việc xuất cũng được ghi nhật ký."""
    from warehouse.audit_search import Wanted

    if action and action not in DEEDS:
        raise UsageError(f"nhật ký không có việc «{action}»", advice=f"một trong: {', '.join(DEEDS)}")
    wanted = Wanted(who.lower(), action, period, unit, _day(first), _day(last))
    if out_file is None:
        _show(_engine(), wanted)
    else:
        _export(_engine(), wanted, out_file)


def _engine() -> Engine:
    from contracts.province import read_province
    from warehouse import owner
    from warehouse.database import open_warehouse

    settings = Settings()
    province = read_province(settings.province_folder)
    engine = open_warehouse(settings.database_url(province.id))
    owner.claim(engine, province.id)
    return engine


def _noted(since: str) -> Mark:
    from warehouse.audit_marks import Mark

    found = re.fullmatch(r"(?P<number>[1-9]\d{0,17}):(?P<digest>[0-9a-f]{12,64})", since.strip().lower())
    if found is None:
        raise UsageError(
            f"--since: «{since}» không đúng dạng", advice="viết SỐ:MÃ như dòng «Mục cuối» mà lệnh này đã in"
        )
    return Mark(int(found["number"]), found["digest"])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"«{text}» không phải là ngày", advice="viết năm-tháng-ngày, ví dụ 2024-12-16") from None


def _say(proof: Proof) -> None:
    if proof.is_sound and not proof.entries:
        out.print(
            "[bold yellow]TRỐNG:[/] nhật ký ở kho dữ liệu này chưa có mục nào, nên không chứng minh được gì. Nếu cổng"
            " đã được dùng, xem lại CCHC_HOME, CCHC_WAREHOUSE_URL.",
            soft_wrap=True,
        )
    elif proof.is_sound:
        out.print(f"[bold green]NGUYÊN VẸN:[/] {figure(proof.entries)} mục, nối tiếp nhau, không thiếu mục nào.")
    for fault in proof.faults[:SHOWN_AT_MOST]:
        out.print(f"[bold red]{sentence(fault)}[/]", soft_wrap=True)
    if len(proof.faults) > SHOWN_AT_MOST:
        out.print(f"  … và {figure(len(proof.faults) - SHOWN_AT_MOST)} chỗ khác; trọn danh sách: --json")
    if proof.head is not None:
        out.print(f"Mục cuối: {proof.head.number}:{proof.head.digest}", soft_wrap=True)
        out.print("  (ghi dòng này ra giấy hoặc nơi khác; lần sau kiểm tra bằng --since)")
    if proof.folder is not None:
        out.print(f"Tệp mốc: {figure(proof.marks)} mốc trong {plain(str(proof.folder))}", soft_wrap=True)
    if proof.unmarked:
        out.print(f"[bold yellow]LƯU Ý:[/] {_unmarked(proof.unmarked)}", soft_wrap=True)


def sentence(fault: Fault) -> str:
    """What is wrong, and where, in one line."""
    from warehouse.audit_proof import FaultKind

    at = _numbers(fault.first, fault.last)
    match fault.kind:
        case FaultKind.CHANGED:
            return f"BỊ SỬA: {at}: nội dung không khớp với mã của chính nó."
        case FaultKind.MISSING:
            return f"BỊ BỎ: không còn {at}; các mục trước và sau vẫn còn."
        case FaultKind.TAIL:
            return f"BỊ CẮT PHẦN CUỐI: không còn {at}, mà mốc đã ghi thì có."
        case FaultKind.REWRITTEN:
            return f"BỊ VIẾT LẠI: {at}: mã đã được tính lại, khác với mốc ghi khi nhập."
        case FaultKind.UNLINKED:
            return f"BỊ SỬA HOẶC CHÈN: {at} không nối tiếp nhau."
        case FaultKind.REPLACED:
            return f"BỊ THAY: {at}: mốc cho thấy trước đó đã có mục khác mang số này."
        case FaultKind.NOTED:
            return f"KHÁC MÃ ĐÃ GHI: {at} không phải là mục có mã nêu ở --since."


def _numbers(first: int, last: int) -> str:
    return f"mục {first}" if first == last else f"mục {first} đến mục {last}"


def _unmarked(ranges: list[tuple[int, int]]) -> str:
    count = sum(last - first + 1 for first, last in ranges)
    named = ", ".join(_numbers(first, last) for first, last in ranges[:5]) + (", …" if len(ranges) > 5 else "")
    return (
        f"{figure(count)} mục không có mốc trên máy này ({named}): do lệnh chạy trên máy khác, tệp mốc đã mất, "
        f"hoặc mục được thêm mà không qua phần mềm; xem {GUIDE}"
    )


def _document(proof: Proof) -> dict[str, Any]:
    return {
        "sound": proof.is_sound,
        "entries": proof.entries,
        "head": vars(proof.head) if proof.head else None,
        "marks": proof.marks,
        "unmarked": proof.unmarked,
        "faults": [{"kind": one.kind, "first": one.first, "last": one.last} for one in proof.faults],
    }


def _show(engine: Engine, wanted: Wanted) -> None:
    from reporting.audit_list import about_text, action_text, result_text, short
    from warehouse import audit_search

    found = audit_search.newest(engine, wanted, most=SHOWN_AT_MOST + 1)
    made = console.table(
        "Mục", "Lúc", "Tài khoản", "Việc", "Kết quả", "Kỳ", "Đơn vị", "Bản", "Chi tiết", right=("Mục", "Lúc")
    )
    for one in found[:SHOWN_AT_MOST]:
        texts = one.who, action_text(one.action), result_text(one.result), one.period_id, one.unit_code
        version = "" if one.version is None else str(one.version)
        at = f"{one.at:%H:%M:%S\n%d/%m/%Y}"  # in 80 columns a date would break within the year
        made.add_row(str(one.number), at, *map(plain, texts), version, plain(short(about_text(one.about))))
    out.print(made)
    if len(found) > SHOWN_AT_MOST:
        out.print(f"Mới in {SHOWN_AT_MOST} mục mới nhất; thu hẹp bằng --from, --who …, hoặc ghi trọn ra --out TỆP.csv")


def _export(engine: Engine, wanted: Wanted, path: Path) -> None:
    from contracts.whole_files import write_whole
    from reporting.audit_list import csv_lines
    from warehouse import audit, audit_search

    if path.suffix != ".csv":
        raise UsageError(f"không xuất được tệp «{path.name}»", advice="đặt tên tệp .csv")
    lines = list(csv_lines(audit_search.every(engine, wanted)))
    about = {"file": path.name, "filter": wanted.said()}
    audit.enter(engine, audit.Deed("audit", who=machine_user(), about=about))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, b"".join(lines), mode=0o600)
    except OSError:
        raise UsageError(
            f"không ghi được tệp {path.absolute()}", advice="kiểm tra quyền ghi, chỗ trống trên đĩa"
        ) from None
    out.print(f"{path}: {figure(len(lines) - 1)} mục", soft_wrap=True)
