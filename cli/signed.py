"""cchc signed: take back a report that was signed, and show who signed it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.console import figure, out, plain
from cli.words import App
from contracts.errors import UsageError

if TYPE_CHECKING:
    from flows.signed import Added
    from reporting.signed.verdict import Signer, Verdict
    from warehouse.signed_copies import SignedCopy

app = App(help="Báo cáo đã ký số: nhận lại, kiểm tra chữ ký, xem ai đã ký.")
PeriodArgument = Annotated[str, typer.Argument(metavar="KỲ", help="Ví dụ: 2024Q4.")]
UnitOption = Annotated[
    str | None, typer.Option("--unit", metavar="MÃ", help="Báo cáo của đơn vị này (mặc định: của tỉnh).")
]


@app.command("add")
def add(
    period: PeriodArgument,
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp PDF đã ký số.")],
    *,
    by: Annotated[str, typer.Option("--by", metavar="NGƯỜI", help="Họ tên, chức vụ người nộp tệp.")],
    unit: UnitOption = None,
    version: Annotated[int | None, typer.Option(metavar="BẢN", help="Số bản (mặc định: bản mới nhất).")] = None,
) -> None:
    """Nhận lại tệp PDF đã ký: kiểm tra đúng bản đã in, chữ ký nguyên vẹn, rồi lưu cạnh bản đó."""
    if not by.strip():
        raise UsageError("phải ghi ai nộp tệp", advice='--by "Nguyễn Văn A, văn thư"')
    from flows.place import find_place
    from flows.restated import report_of
    from flows.signed import add_signed
    from warehouse.locks import run_lock

    place = find_place(period)
    engine = place.open_warehouse()
    report = report_of(place, unit)
    with run_lock(engine, place.period.id):  # a run that is going on may be printing a newer version
        added = add_signed(engine, report, file, by_whom=by.strip(), version=version)
    _say_added(added, report.unit.name)


@app.command("show")
def show(
    period: PeriodArgument,
    *,
    unit: UnitOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False,
) -> None:
    """Liệt kê các bản đã ký của một báo cáo: ai ký, khi nào, chuỗi tin cậy."""
    from flows.place import find_place
    from flows.restated import report_of
    from flows.signed import signed_of

    place = find_place(period)
    found = signed_of(place.open_warehouse(), report_of(place, unit))
    offered = {copy.version: copy.path for copy, _ in found}
    if as_json:
        typer.echo(json.dumps([_document(copy, offered) for copy, _ in found], ensure_ascii=False, indent=1))
        return
    for copy, verdict in found:
        is_offered = offered[copy.version] == copy.path
        mark = " [bold green]bản được cung cấp[/]" if is_offered else ""
        out.print(f"[bold]Bản {copy.version}[/]{mark}", soft_wrap=True)
        _say_copy(copy, verdict)


def _document(copy: SignedCopy, offered: dict[int, str]) -> dict[str, Any]:
    verdict: dict[str, Any] = json.loads(copy.verdict)
    return {
        "version": copy.version,
        "path": copy.path,
        "sha256": copy.sha256,
        "size": copy.size,
        "by": copy.by_whom,
        "at": copy.at.isoformat(),
        "offered": offered[copy.version] == copy.path,
        "is_whole": copy.is_registered,
    } | verdict


def _say_added(added: Added, name: str) -> None:
    title = f"bản {added.version.version} báo cáo kỳ {added.version.period_id} của {plain(name)}"
    if added.already:
        day = f"{added.copy.at:%H:%M ngày %d/%m/%Y}"
        out.print(f"[bold yellow]ĐÃ CÓ[/] Tệp này của {title} đã nhận lúc {day}; không thêm nữa.", soft_wrap=True)
    else:
        out.print(f"[bold green]ĐÃ NHẬN[/] {title}: {_signatures(added.verdict)}.", soft_wrap=True)
    _say_copy(added.copy, added.verdict)
    if added.newest != added.version.version:
        out.print(f"  [bold yellow]LƯU Ý:[/] đã có bản mới hơn (bản {figure(added.newest)}).", soft_wrap=True)
    out.print(f"  Ký chưa phải là công bố; để công bố: cchc publish {added.version.period_id} …", soft_wrap=True)


def _say_copy(copy: SignedCopy, verdict: Verdict) -> None:
    from reporting.signed.verdict import REVOCATION, TIME_LABELS, TRUST_LABELS

    issued = f"Số {verdict.number or '–'}, ngày {verdict.issued_on or '–'} (theo ô ghi ở trang 1)"
    out.print(f"  {plain(copy.path)}\n  SHA-256 {copy.sha256}", soft_wrap=True)
    out.print(f"  {plain(issued)}; nộp: {plain(copy.by_whom)}, {copy.at:%H:%M ngày %d/%m/%Y}", soft_wrap=True)
    for number, one in enumerate(verdict.signers, start=1):
        when = f"{one.signed_at:%H:%M ngày %d/%m/%Y} ({TIME_LABELS[one.time_source]})" if one.signed_at else "không rõ"
        trust = f"[{_colour(one)}]{TRUST_LABELS[one.trust]}[/]{f' ({plain(one.reason)})' if one.reason else ''}"
        out.print(f"  {number}. [bold]{plain(_whose(one))}[/]", soft_wrap=True)
        out.print(f"     Ký lúc {when}; hàm băm {plain(one.digest)}", soft_wrap=True)
        out.print(f"     Nơi cấp: {plain(one.issuer)}; hiệu lực đến {one.valid_to:%d/%m/%Y}", soft_wrap=True)
        out.print(f"     Chuỗi tin cậy: {trust}; {REVOCATION}", soft_wrap=True)
    for remark in verdict.remarks:
        out.print(f"  [bold yellow]LƯU Ý:[/] {plain(remark)}", soft_wrap=True)
    if not copy.is_registered:
        out.print("  [bold red]Tệp này không còn hoặc đã bị sửa:[/] khôi phục từ bản sao lưu.", soft_wrap=True)


def _whose(one: Signer) -> str:
    return f"{one.name}, {one.organisation}" if one.organisation and one.organisation != one.name else one.name


def _colour(one: Signer) -> str:
    return {"trusted": "green", "untrusted": "bold red", "unchecked": "yellow"}[one.trust]


def _signatures(verdict: Verdict) -> str:
    return f"{console.figure(len(verdict.signers))} chữ ký nguyên vẹn"
