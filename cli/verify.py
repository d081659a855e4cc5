"""cchc verify: is this file, or the code on this paper, a report of ours, and which."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.console import figure, out, plain

if TYPE_CHECKING:
    from flows.verify import Verified

KINDS = {
    "report": "tệp PDF của báo cáo",
    "archive": "bản lưu trữ (PDF/A-3)",
    "workbook": "bảng số liệu",
    "signed": "bản đã ký số",
}


def verify(
    what: Annotated[
        list[str], typer.Argument(metavar="TỆP|MÃ", help="Tệp nhận được, hoặc mã kiểm chứng in ở trang cuối báo cáo.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False,
) -> None:
    """Kiểm tra một tệp, hoặc mã trên bản giấy: của báo cáo nào, bản nào, có đúng như đã in không."""
    from flows.verify import verify_code, verify_file

    is_file = len(what) == 1 and Path(what[0]).is_file()
    found = (verify_file(Path(what[0])),) if is_file else verify_code(" ".join(what))
    if as_json:
        typer.echo(json.dumps([_document(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        _say(one, is_file=is_file)


def _say(one: Verified, *, is_file: bool) -> None:
    from flows.verify import title

    right = "ĐÚNG TỆP" if is_file else "CÓ BÁO CÁO NÀY"
    out.print(f"[bold green]{right}:[/] {plain(title(one))}", soft_wrap=True)
    if is_file:
        out.print(f"  Là {KINDS[one.file.kind]}, đúng từng byte.", soft_wrap=True)
    out.print(f"  {_age(one)}\n  {_publication(one)}", soft_wrap=True)
    out.print(f"  Lưu tại: {plain(one.file.path)}", soft_wrap=True)
    out.print(f"  SHA-256 {one.file.sha256}", soft_wrap=True)
    out.print(f"  Mã kiểm chứng {one.version.input_digest}", soft_wrap=True)
    if not is_file:
        out.print("  Mã đúng chưa chứng tỏ tờ giấy đúng: so từng số với tệp trên.", soft_wrap=True)


def _age(one: Verified) -> str:
    printed = f"In lúc {one.version.created_at:%H:%M ngày %d/%m/%Y}"
    if one.is_newest:
        return f"{printed}; là bản mới nhất."
    return f"{printed}; [bold yellow]đã có bản mới hơn:[/] bản {figure(one.newest)}."


def _publication(one: Verified) -> str:
    if one.is_published and one.published:
        return f"Đang công bố (từ ngày {one.published.at:%d/%m/%Y})."
    if one.published:
        return f"[bold yellow]Không phải bản đang công bố:[/] đang công bố bản {figure(one.published.version)}."
    return "Chưa công bố: chưa có bản nào của báo cáo này được công bố."


def _document(one: Verified) -> dict[str, Any]:
    return {
        "province": one.province,
        "period": one.file.period_id,
        "scope": one.file.scope,
        "unit_code": one.file.unit_code,
        "unit": one.unit,
        "version": one.version.version,
        "kind": one.file.kind,
        "path": one.file.path,
        "sha256": one.file.sha256,
        "code": one.version.input_digest,
        "is_newest": one.is_newest,
        "newest": one.newest,
        "is_published": one.is_published,
        "published_version": one.published.version if one.published else None,
    }
