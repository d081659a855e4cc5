"""What would be left if this machine were lost: the last backup, and the store that several machines share."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cli.doctor.database import Warehouse
from contracts import clock
from contracts.errors import CchcError
from contracts.fitness import Fitness, good, of_error, unfit, warning
from contracts.province import read_province
from contracts.settings import Settings

if TYPE_CHECKING:
    from storage.shared import Store

STORE_SECONDS = 30.0
"""Longer than the store's own patience (CCHC_STORE_PATIENCE), which says more of what is wrong."""
OLD, TOO_OLD = timedelta(days=8), timedelta(days=35)
_AGAIN = "cchc backup"


def backup(warehouse: Warehouse) -> Fitness:
    """A record of this machine; where another one makes the backups, this one knows of none."""
    from flows.backups.record import last_backup
    from flows.backups.watch import AHEAD

    settings = Settings()
    found = last_backup(read_province(settings.province_folder).id)
    if found is None:
        if warehouse.current() is None:
            return good("chưa có gì để sao lưu")
        return warning("chưa sao lưu lần nào từ máy này", "sao lưu, rồi đặt lịch hằng đêm (docs/deploy)", _AGAIN)
    age = clock.now() - found.moment
    at = f"bản gần nhất {found.moment.astimezone(clock.VIETNAM):%H:%M %d/%m/%Y}"
    if age < -AHEAD:
        return warning(
            f"{at}, giờ chưa tới: đồng hồ máy đang sai hoặc đã sai", "chỉnh đồng hồ, rồi sao lưu lại", _AGAIN
        )
    said = f"{at}, {max(age.days, 0)} ngày trước"
    if not Path(found.folder).is_dir():
        return unfit(f"{said}, nhưng không còn thư mục {found.folder}", "gắn lại ổ đĩa, hoặc sao lưu lại", _AGAIN)
    if found.absent:
        told = f"{said}: {found.absent} tệp mà kho nêu tên đã mất hoặc bị sửa"
        return unfit(told, "tìm các tệp đó trong bản sao lưu cũ hơn", f"cchc backup verify {found.folder}")
    if age > OLD:
        tell = unfit if age > TOO_OLD else warning
        return tell(said, "sao lưu ngay, rồi xem vì sao lịch không chạy", _AGAIN)
    if found.same_disk:
        return warning(f"{said}, cùng ổ đĩa với dữ liệu: hỏng ổ đĩa là mất cả hai", "đặt CCHC_BACKUPS vào ổ đĩa khác")
    return good(said)


def store(warehouse: Warehouse) -> Fitness:
    settings = Settings()
    if settings.store is None:
        return good("tệp báo cáo, bản trích xuất nằm trên máy này")
    from storage.shared import open_store

    try:
        opened = open_store(settings)
        try:
            opened.check()
            _check_owner(opened, warehouse)
        finally:
            opened.close()
    except CchcError as error:
        return of_error(error)
    return good("kho tệp chung (CCHC_STORE): ghi, đọc, xóa thử được")


def _check_owner(opened: Store, warehouse: Warehouse) -> None:
    """Raises UsageError where the store is another warehouse's. Of a warehouse that is still to be brought up to date
    nothing is known yet."""
    from storage.belonging import compare, mark_of
    from warehouse.owner import mark_of as mark_of_warehouse

    found = warehouse.current()
    if ours := mark_of_warehouse(found.engine) if found else None:
        compare(opened, mark_of(opened, read_province(Settings().province_folder).id), ours)
