"""cchc store: the store of files that several machines share."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.console import out, plain
from cli.words import App
from contracts.errors import Exit

app = App(help="Kho tệp dùng chung của nhiều máy (CCHC_STORE): thử, chép tệp đã có vào kho.")


@app.command("check")
def check() -> None:
    """Ghi, đọc rồi xóa thử một tệp nhỏ trong kho."""
    from contracts.errors import UsageError
    from storage.shared import shared

    store = shared()
    if store is None:
        raise UsageError("chưa đặt kho tệp dùng chung", advice="đặt CCHC_STORE; xem docs/deploy/shared-store.md")
    store.check()
    out.print(f"Kho {plain(store.name)}: ghi, đọc, xóa thử được.", soft_wrap=True)


@app.command("put")
def put(
    *, again: Annotated[bool, typer.Option("--again", help="Chép đè cả những tệp kho đã có, để sửa tệp hỏng.")] = False
) -> None:
    """Chép vào kho mọi tệp đã xong của máy này mà kho chưa có: bản trích xuất, danh sách hồ sơ, báo cáo, bản ký."""
    from contracts.province import read_province
    from contracts.settings import Settings
    from flows.shared_store import put_all
    from warehouse.database import open_warehouse

    settings = Settings()
    province = read_province(settings.province_folder)
    engine = open_warehouse(settings.database_url(province.id))
    done = put_all(engine, settings.province_home(province.id), again=again)
    out.print(
        f"Kho {plain(done.name)}: đã chép {done.came} tệp, {done.there} tệp đã có sẵn,"
        f" {len(done.refused)} mục không chép được.",
        soft_wrap=True,
    )
    for said in done.refused:
        out.print(f"  {plain(said)}", soft_wrap=True)
    if done.refused:
        raise typer.Exit(Exit.STOPPED_BY_CHECK)
