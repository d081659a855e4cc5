"""cchc backup: everything that a province has, in one folder; cchc restore: from there into an empty place."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.console import bytes_text, figure, out, plain
from cli.machine_user import machine_user
from cli.words import App
from contracts import clock
from contracts.errors import CriticalCheckError, UsageError

if TYPE_CHECKING:
    from flows.backups.making import Made
    from flows.backups.manifest import Manifest
    from flows.backups.restoring import Restored

GUIDE = "docs/operate/backup.md"
SHOWN = 10
app = App(name="backup", help="Sao lưu cả tỉnh: kho dữ liệu, bản trích xuất, báo cáo, bản ký, nhật ký, cấu hình.")


@app.callback(invoke_without_command=True, no_args_is_help=False)
def backup(
    context: typer.Context,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="THƯ_MỤC", help="Nơi chứa các bản sao lưu (mặc định: CCHC_BACKUPS)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False,
) -> None:
    """Sao lưu cả tỉnh vào một thư mục mới, cả khi đang có lượt chạy; mã thoát 4 nếu có tệp đã mất từ trước."""
    if context.invoked_subcommand is not None:
        if to is not None or as_json:
            raise UsageError("--to, --json không dùng trước tên lệnh con", advice="cchc backup verify THƯ_MỤC")
        return
    from contracts.settings import Settings
    from flows.backups.making import back_up

    made = back_up((to or Settings().backups_folder).absolute(), who=machine_user())
    if as_json:
        typer.echo(json.dumps(_document(made), ensure_ascii=False, indent=2))
    else:
        _say_made(made)
    if made.manifest.absent:
        raise CriticalCheckError(
            f"bản sao lưu đã làm xong, nhưng {figure(len(made.manifest.absent))} tệp mà kho dữ liệu nêu tên đã mất hoặc"
            " bị sửa từ trước",
            advice=f"tìm các tệp đó trong bản sao lưu cũ hơn; xem {GUIDE}",
        )


@app.command("verify")
def verify(
    folder: Annotated[Path, typer.Argument(metavar="THƯ_MỤC", help="Một bản sao lưu.")],
) -> None:
    """Kiểm tra một bản sao lưu cũ có còn nguyên từng byte không; không sửa gì."""
    from flows.backups.checking import checked

    manifest = checked(folder)
    out.print(f"[bold green]CÒN NGUYÊN:[/] bản sao lưu {_of(manifest)}.", soft_wrap=True)
    out.print(f"  {_content(manifest)}; mọi tệp đúng mã SHA-256.", soft_wrap=True)
    _say_absent(manifest)


def restore(
    folder: Annotated[Path, typer.Argument(metavar="THƯ_MỤC", help="Một bản sao lưu.")],
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="THƯ_MỤC", help="CCHC_HOME mới, còn trống (mặc định: CCHC_HOME đang đặt)."),
    ] = None,
) -> None:
    """Khôi phục một bản sao lưu vào nơi trống rồi so từng bảng, từng tệp; mã thoát 0 chỉ khi giống hệt."""
    if into is not None and os.environ.get("CCHC_STORE"):
        raise UsageError(
            "khôi phục thử vào nơi khác (--into) không được đụng tới kho tệp chung đang dùng",
            advice="đặt CCHC_STORE= (để trống) rồi chạy lại",
        )
    if into is not None:
        os.environ["CCHC_HOME"] = str(into.absolute())
    from flows.backups.restoring import restore as done

    restored = done(folder, who=machine_user(), told=lambda said: out.print(plain(said), soft_wrap=True))
    _say_restored(restored)
    if not restored.compared.proof.is_sound:
        raise CriticalCheckError(
            "nhật ký trong bản sao lưu đã không còn nguyên từ trước khi sao lưu; mọi thứ khác giống hệt",
            advice="xem chỗ nào: cchc audit verify; báo người phụ trách an toàn thông tin",
        )


def _say_made(made: Made) -> None:
    out.print(f"[bold green]ĐÃ SAO LƯU[/] {_of(made.manifest)}:", soft_wrap=True)
    out.print(f"  {plain(str(made.folder))}", soft_wrap=True)
    out.print(f"  {_content(made.manifest)}; chép mới {bytes_text(made.copied)}.", soft_wrap=True)
    if made.same_disk:
        out.print(
            "[bold yellow]LƯU Ý:[/] bản sao lưu nằm cùng ổ đĩa với dữ liệu: hỏng ổ đĩa là mất cả hai. Đặt CCHC_BACKUPS"
            " hoặc --to vào ổ đĩa hay máy khác.",
            soft_wrap=True,
        )
    _say_absent(made.manifest)
    out.print(f"Kiểm tra lại: cchc backup verify {plain(str(made.folder))}", soft_wrap=True)


def _say_absent(manifest: Manifest) -> None:
    for one in manifest.absent[:SHOWN]:
        out.print(f"[bold red]THIẾU:[/] {plain(one.path)}: {one.why} khi sao lưu.", soft_wrap=True)
    if len(manifest.absent) > SHOWN:
        out.print(f"  … và {figure(len(manifest.absent) - SHOWN)} tệp khác; trọn danh sách: MANIFEST.json, mục absent")


def _say_restored(restored: Restored) -> None:
    compared = restored.compared
    out.print(f"[bold green]ĐÃ KHÔI PHỤC[/] {_of(restored.manifest)} vào {plain(str(restored.home))}.", soft_wrap=True)
    out.print("Đã so với bản sao lưu, giống hệt:")
    out.print(f"  Kho dữ liệu: {figure(compared.tables)} bảng, {figure(compared.rows)} dòng.")
    out.print(f"  Tệp: {figure(compared.files)} tệp đúng từng byte; {figure(compared.named)} tệp kho nêu tên đều có.")
    if compared.proof.is_sound:
        out.print(f"  Nhật ký: nguyên vẹn, {figure(compared.proof.entries)} mục.")
    if restored.migrated:
        out.print("Kho dữ liệu đã được nâng lên phiên bản của bản cchc đang cài.")
    _say_absent(restored.manifest)
    out.print(f"Cấu hình tỉnh lúc sao lưu: {plain(str(restored.province_folder))}", soft_wrap=True)
    out.print("Mật khẩu, khóa của các nguồn không có trong bản sao lưu: đặt lại trước khi chạy.", soft_wrap=True)


def _of(manifest: Manifest) -> str:
    return f"{plain(manifest.name)} lúc {manifest.at.astimezone(clock.VIETNAM):%H:%M ngày %d/%m/%Y}"


def _content(manifest: Manifest) -> str:
    return (
        f"{figure(len(manifest.tables))} bảng, {figure(manifest.rows)} dòng; {figure(len(manifest.files))} tệp,"
        f" {bytes_text(manifest.size)}"
    )


def _document(made: Made) -> dict[str, Any]:
    manifest = made.manifest
    return {
        "folder": str(made.folder),
        "province": manifest.province,
        "moment": manifest.moment,
        "migration": manifest.migration,
        "tables": len(manifest.tables),
        "rows": manifest.rows,
        "files": len(manifest.files),
        "bytes": manifest.size,
        "copied": made.copied,
        "same_disk": made.same_disk,
        "absent": [vars(one) for one in manifest.absent],
    }
