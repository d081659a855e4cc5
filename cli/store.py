"""cchc store: the store of files that several machines share, which is of one warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import out, plain
from cli.words import App
from contracts.errors import Exit, UsageError

if TYPE_CHECKING:
    from storage.shared import Store

app = App(help="Kho tệp dùng chung của nhiều máy (CCHC_STORE): thử, chép tệp đã có vào kho, nhận kho.")


@app.command("check")
def check() -> None:
    """Ghi, đọc rồi xóa thử một tệp nhỏ trong kho; xem kho có phải của kho dữ liệu đang dùng không."""
    from contracts.province import read_province
    from contracts.settings import Settings
    from storage.belonging import compare, mark_of, short
    from warehouse.examined import examine
    from warehouse.owner import mark_of as mark_of_warehouse

    store, settings = _store(), Settings()
    store.check()
    province = read_province(settings.province_folder)
    found, known = mark_of(store, province.id), examine(settings.database_url(province.id))
    ours = mark_of_warehouse(known.engine) if known and known.is_current else None
    if ours:
        compare(store, found, ours)
    elif found:
        out.print(f"Kho này là của kho dữ liệu {short(found)}; máy này chưa có kho dữ liệu.", soft_wrap=True)
    out.print(f"Kho {plain(store.name)}: ghi, đọc, xóa thử được.", soft_wrap=True)


@app.command("put")
def put(
    *, again: Annotated[bool, typer.Option("--again", help="Chép đè cả những tệp kho đã có, để sửa tệp hỏng.")] = False
) -> None:
    """Chép vào kho mọi tệp đã xong của máy này mà kho chưa có: bản trích xuất, danh sách hồ sơ, báo cáo, bản ký."""
    from contracts.province import read_province
    from contracts.settings import Settings
    from flows.shared_store import put_all
    from warehouse import owner
    from warehouse.database import open_warehouse

    settings = Settings()
    province = read_province(settings.province_folder)
    engine = open_warehouse(settings.database_url(province.id))
    owner.claim(engine, province.id)
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


@app.command("take")
def take(
    mark: Annotated[str, typer.Argument(metavar="MÃ", help="Mã kho dữ liệu cũ của kho, như lệnh đã báo.")],
) -> None:
    """Nhận kho này cho kho dữ liệu đang dùng, khi kho dữ liệu cũ không bao giờ dùng nữa."""
    from cli.machine_user import machine_user
    from contracts.province import read_province
    from contracts.settings import Settings
    from storage import belonging
    from warehouse import audit, owner
    from warehouse.database import open_warehouse

    store, settings = _store(), Settings()
    province = read_province(settings.province_folder)
    found = belonging.mark_of(store, province.id)
    if found is None or belonging.short(found) != mark:
        said = (
            f"là của kho dữ liệu {belonging.short(found)}, không phải {mark}" if found else "chưa của kho dữ liệu nào"
        )
        raise UsageError(f"kho tệp dùng chung {store.name} {said}", advice="xem lại: cchc store check")
    engine = open_warehouse(settings.database_url(province.id))
    ours = owner.claim(engine, province.id)
    about = {"store": store.name, "before": belonging.short(found)}
    audit.enter(engine, audit.Deed("store", who=machine_user(), about=about))
    belonging.give(store, province.id, ours)
    out.print(
        f"Kho {plain(store.name)}: từ nay của kho dữ liệu {belonging.short(ours)}."
        " Chép tệp máy này đang có: cchc store put --again",
        soft_wrap=True,
    )


def _store() -> Store:
    from storage.shared import shared

    store = shared()
    if store is None:
        raise UsageError("chưa đặt kho tệp dùng chung", advice="đặt CCHC_STORE; xem docs/deploy/shared-store.md")
    return store
